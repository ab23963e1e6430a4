# String multiplication.
# expect: limit.memory

x = 'ab' * 10**10
