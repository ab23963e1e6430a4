# Deep nesting compared.
# expect: limit.recursion

a, b = [], []
for _ in range(10**5):
    a, b = [a], [b]
a == b
