# Nested sharing returned.
# expect: ?

a = ['x'] * 10
for _ in range(50):
    a = [a] * 10
return a
