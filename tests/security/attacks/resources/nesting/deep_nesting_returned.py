# Deep nesting returned.
# expect: ?

a = []
for _ in range(10**5):
    a = [a]
return a
