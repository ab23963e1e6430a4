from datetime import datetime, timedelta

a = datetime.now()
b = datetime.today()
c = datetime.utcnow()
print(b - a < timedelta(minutes=1), a.tzinfo, c.tzinfo)
c.year >= 2024
