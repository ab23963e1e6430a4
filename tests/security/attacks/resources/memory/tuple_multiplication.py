# Tuple multiplication.
# expect: ?

x = (1,) * 10**10
