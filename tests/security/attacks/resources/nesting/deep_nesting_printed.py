# Deep nesting printed.
# expect: limit.recursion

a = []
for _ in range(10**5):
    a = [a]
print(a)
