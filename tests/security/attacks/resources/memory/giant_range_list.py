# Giant range list.
# expect: limit.memory

list(range(10**9))
