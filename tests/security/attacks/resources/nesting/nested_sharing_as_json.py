# Nested sharing as json.
# expect: limit.memory | limit.cpu_time

import json

a = ['x'] * 10
for _ in range(50):
    a = [a] * 10
json.dumps(a)
