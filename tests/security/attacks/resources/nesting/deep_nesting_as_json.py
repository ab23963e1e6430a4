# Deep nesting as json.
# expect: limit.recursion

import json

a = []
for _ in range(10**5):
    a = [a]
json.dumps(a)
