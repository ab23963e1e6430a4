# Center.
# expect: ?

'a'.center(10**10)
