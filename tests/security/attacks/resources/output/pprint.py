# A pretty print of shared lists.
# expect: limit.cpu_time

import pprint

a = [1] * 10
for _ in range(50):
    a = [a] * 10
pprint.pprint(a)
