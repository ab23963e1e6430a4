# Nested sharing printed.
# expect: ?

a = ['x'] * 10
for _ in range(50):
    a = [a] * 10
print(a)
