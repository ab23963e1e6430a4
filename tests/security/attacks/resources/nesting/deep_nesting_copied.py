# Deep nesting copied.
# expect: limit.recursion | limit.memory

import copy

a = []
for _ in range(10**5):
    a = [a]
copy.deepcopy(a)
