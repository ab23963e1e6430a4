# Nested sharing hashed.
# expect: limit.cpu_time

a = (1,)
for _ in range(60):
    a = (a, a)
hash(a)
