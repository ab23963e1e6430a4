# Big integer to string.
# expect: ?

x = 10 ** (10**6)
return str(x)
