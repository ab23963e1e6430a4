# Zfill.
# expect: limit.memory

'1'.zfill(10**10)
