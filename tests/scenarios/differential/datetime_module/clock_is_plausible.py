import time
from datetime import date, datetime, timezone

before = time.time()
now = datetime.now()
aware = datetime.now(timezone.utc)
today = date.today()
a, b = time.perf_counter(), time.monotonic()
print(now.year >= 2024, aware.tzinfo, isinstance(today, date), today.year == now.year, before <= time.time())
print(time.perf_counter() >= a, time.monotonic() >= b, isinstance(time.time_ns(), int), abs(aware.timestamp() - before) < 60)
elapsed = time.perf_counter() - a
print(f"{elapsed:.0f}s" in ("0s", "1s"), datetime.today().date() >= today, (datetime.now() - now).total_seconds() < 60)
(aware - datetime.now(timezone.utc)).days
