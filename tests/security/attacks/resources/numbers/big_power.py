# Big power.
# expect: ?

x = 10**10**7
return str(x)[:10]
