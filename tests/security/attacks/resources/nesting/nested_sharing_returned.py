# Nested sharing returned.
# expect: limit.return_value

a = ['x'] * 10
for _ in range(50):
    a = [a] * 10
return a
