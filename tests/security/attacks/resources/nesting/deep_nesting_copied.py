# Deep nesting copied.
# expect: ?

import copy

a = []
for _ in range(10**5):
    a = [a]
copy.deepcopy(a)
