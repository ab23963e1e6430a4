# A shift in a loop.
# expect: limit.cpu_time

x = 1
while True:
    x <<= 10**6
