# Giant bytes.
# expect: limit.memory

bytes(10**10)
