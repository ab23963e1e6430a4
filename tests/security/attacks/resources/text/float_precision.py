# A number of a billion digits.
# expect: limit.memory

format(1.5, '.1000000000f')
