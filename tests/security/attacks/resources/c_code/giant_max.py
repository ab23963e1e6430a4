# Giant max.
# expect: limit.cpu_time

max(range(10**12))
