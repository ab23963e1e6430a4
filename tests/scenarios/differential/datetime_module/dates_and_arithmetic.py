from datetime import date, datetime, timedelta

d = date(2024, 2, 28)
print(d + timedelta(days=2), d - timedelta(weeks=1), date(2024, 3, 1) - d, d.weekday(), d.isoweekday(), d.isoformat())
print(d.replace(year=2023), d < date(2025, 1, 1), d.year, d.month, d.day, d.timetuple().tm_yday, d.toordinal())
print(tuple(d.isocalendar()), date.fromisoformat("2023-12-31"), date.min, date.max, d.strftime("%d.%m.%Y"), d.ctime())
dt = datetime(2024, 1, 31, 22, 30, 15, 500)
print(dt, dt + timedelta(hours=2), dt.date(), dt.time(), dt.isoformat(sep=" "), repr(dt), dt.isoformat(timespec="minutes"))
print(datetime(2024, 5, 1) - datetime(2024, 4, 1), (datetime(2024, 5, 1, 12) - datetime(2024, 4, 1)).total_seconds())
print(datetime.combine(d, dt.time()), datetime.fromisoformat("2024-05-06T07:08:09"), datetime.min.year)
days = [d + timedelta(days=n) for n in range(3)]
return {"days": days, "when": dt}
