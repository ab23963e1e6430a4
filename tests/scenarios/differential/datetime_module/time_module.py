import time

stamp = time.gmtime(86400 * 365)
print(stamp.tm_year, stamp.tm_mon, stamp.tm_yday, stamp[3:6], time.strftime("%Y-%m-%d %H:%M:%S", stamp))
parsed = time.strptime("2024-05-06 07:08:09", "%Y-%m-%d %H:%M:%S")
print(tuple(parsed)[:6], parsed.tm_wday, time.asctime(parsed), isinstance(parsed, time.struct_time))
start = time.perf_counter()
time.sleep(0)
print(time.perf_counter() >= start, time.monotonic_ns() > 0, time.perf_counter_ns() > 0, time.process_time() >= 0)
print(time.process_time_ns() >= 0, isinstance(time.ctime(), str), isinstance(time.mktime(time.localtime()), float))
print(time.timezone == time.altzone or isinstance(time.daylight, int), len(time.tzname), time.time_ns() > 10**18)
