from datetime import datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

utc = datetime(2024, 7, 1, 12, 0, tzinfo=timezone.utc)
oslo = utc.astimezone(ZoneInfo("Europe/Oslo"))
tokyo = utc.astimezone(ZoneInfo("Asia/Tokyo"))
print(utc.isoformat(), oslo.isoformat(), tokyo.isoformat(), oslo == utc, oslo.utcoffset(), oslo.tzname(), oslo.dst())
winter = datetime(2024, 1, 1, 12, tzinfo=ZoneInfo("America/New_York"))
print(winter, winter.tzname(), winter.astimezone(timezone.utc), winter.timestamp())
fixed = timezone(timedelta(hours=5, minutes=30), "IST")
print(datetime(2024, 1, 1, tzinfo=fixed), fixed, datetime.fromtimestamp(0, timezone.utc), datetime.fromtimestamp(1e9, fixed))
print(time(9, 30, tzinfo=timezone.utc).isoformat(), utc.replace(tzinfo=None), isinstance(fixed, tzinfo), ZoneInfo("UTC").key)
before = datetime(2024, 3, 31, 1, 59, tzinfo=ZoneInfo("Europe/Berlin"))
print(before + timedelta(minutes=1), (before + timedelta(hours=2)).utcoffset())
try:
    utc < datetime(2024, 1, 1)
except TypeError as error:
    print(error)
return [oslo, tokyo]
