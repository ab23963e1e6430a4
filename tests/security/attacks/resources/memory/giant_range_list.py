# Giant range list.
# expect: ?

list(range(10**9))
