from datetime import datetime

samples = [
    ("2024-03-15", "%Y-%m-%d"),
    ("15/03/24 09:05", "%d/%m/%y %H:%M"),
    ("Mar 5, 2024 03:07 PM", "%b %d, %Y %I:%M %p"),
    ("2024-03-15T10:20:30.123456", "%Y-%m-%dT%H:%M:%S.%f"),
    ("Friday 15 March 2024", "%A %d %B %Y"),
    ("2024-03-15 10:00 +0200", "%Y-%m-%d %H:%M %z"),
    ("2024 075", "%Y %j"),
]
for text, pattern in samples:
    parsed = datetime.strptime(text, pattern)
    print(parsed.isoformat(), parsed.strftime("%a %d %b %Y %H:%M:%S"), parsed.strftime("%j %U %w %y %I %p %%"))
for text in ("15-03-2024", "2024-13-01", "2024-02-30"):
    try:
        datetime.strptime(text, "%Y-%m-%d")
    except ValueError as error:
        print(error)
