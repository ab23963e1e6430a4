# Center.
# expect: limit.memory

'a'.center(10**10)
