# Deep nesting compared.
# expect: ?

a, b = [], []
for _ in range(10**5):
    a, b = [a], [b]
a == b
