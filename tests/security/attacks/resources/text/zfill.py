# Zfill.
# expect: ?

'1'.zfill(10**10)
