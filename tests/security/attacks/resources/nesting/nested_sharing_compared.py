# Nested sharing compared.
# expect: limit.cpu_time

a, b = [1], [1]
for _ in range(60):
    a, b = [a, a], [b, b]
a == b
