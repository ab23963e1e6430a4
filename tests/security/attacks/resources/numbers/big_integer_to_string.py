# Big integer to string.
# expect: script.runtime

x = 10 ** (10**6)
return str(x)
