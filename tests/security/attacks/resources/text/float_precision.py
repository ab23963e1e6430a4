# A number of a billion digits.
# expect: ?

format(1.5, '.1000000000f')
