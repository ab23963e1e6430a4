from datetime import timedelta

a = timedelta(days=1, hours=5, minutes=30, seconds=15, milliseconds=250)
print(a, a.days, a.seconds, a.microseconds, a.total_seconds(), repr(a))
print(a * 2, a / 2, a // timedelta(hours=1), a % timedelta(hours=1), -a, abs(-a), a > timedelta(hours=29))
print(timedelta(weeks=1) + timedelta(days=-1), divmod(timedelta(hours=25), timedelta(days=1)), timedelta(hours=1) / timedelta(minutes=15))
print(sum([timedelta(minutes=m) for m in (10, 20, 45)], timedelta()), bool(timedelta()), timedelta(days=1) == timedelta(hours=24))


def human(delta):
    hours, rest = divmod(int(delta.total_seconds()), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}h {minutes:02d}m {seconds:02d}s"


human(a)
