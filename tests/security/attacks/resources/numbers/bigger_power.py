# Bigger power.
# expect: ?

x = 10**10**9
