# Sums of growing numbers.
# expect: limit.memory

import itertools

list(itertools.accumulate(itertools.repeat(10**5), lambda x, y: x * y))
