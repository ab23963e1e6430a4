# Deep nesting returned.
# expect: limit.return_value

a = []
for _ in range(10**5):
    a = [a]
return a
