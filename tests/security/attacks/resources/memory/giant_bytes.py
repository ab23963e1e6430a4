# Giant bytes.
# expect: ?

bytes(10**10)
