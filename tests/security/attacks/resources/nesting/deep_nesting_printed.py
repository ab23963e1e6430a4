# Deep nesting printed.
# expect: ?

a = []
for _ in range(10**5):
    a = [a]
print(a)
