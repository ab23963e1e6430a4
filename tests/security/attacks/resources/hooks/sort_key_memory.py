# A sort key that takes memory.
# expect: limit.memory | limit.cpu_time

sorted(range(10**6), key=lambda x: 'x' * 10**5)
