# Giant sum.
# expect: limit.cpu_time

sum(range(10**12))
