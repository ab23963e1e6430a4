# Sort with a hostile key.
# expect: limit.memory

sorted(range(10**6), key=lambda x: sum(range(10**6)))
