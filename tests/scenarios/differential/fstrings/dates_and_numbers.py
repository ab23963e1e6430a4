from datetime import date, datetime
from decimal import Decimal

when = datetime(2024, 2, 29, 13, 5, 7)
print(f"{when:%Y-%m-%d %H:%M} {when:%A %d %B %Y, week %W} {date(2024, 1, 5):%d/%m/%y} {when}")
print(f"{Decimal('1234.5'):,.2f} {1e10:.3g} {10**20:,} {True!s:>6} {None!r} {0.1 + 0.2:.17f}")
f"{when.year % 100:02d}/{when:%j}"
