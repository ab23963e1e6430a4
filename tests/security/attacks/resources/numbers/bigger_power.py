# Bigger power.
# expect: limit.cpu_time

x = 10**10**9
