# String multiplication.
# expect: ?

x = 'ab' * 10**10
