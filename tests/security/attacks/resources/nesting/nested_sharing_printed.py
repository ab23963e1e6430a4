# Nested sharing printed.
# expect: limit.memory | limit.cpu_time

a = ['x'] * 10
for _ in range(50):
    a = [a] * 10
print(a)
