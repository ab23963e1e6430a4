# Big power.
# expect: limit.cpu_time

x = 10**10**7
return str(x)[:10]
