import datetime as dt

print(dt.MINYEAR, dt.MAXYEAR, dt.UTC is dt.timezone.utc)
stamp = dt.datetime.fromtimestamp(1_700_000_000, dt.UTC)
print(stamp, dt.datetime.strptime("2024", "%Y").year, dt.time.fromisoformat("10:11:12").minute, dt.time.max, dt.timedelta.max.days)
print(dt.date.fromordinal(738000), dt.date.fromisocalendar(2024, 10, 3), dt.datetime(2024, 1, 1).timetuple()[:3], stamp.utctimetuple().tm_hour)
[dt.time(1, 2), dt.date(2024, 1, 2), stamp]
