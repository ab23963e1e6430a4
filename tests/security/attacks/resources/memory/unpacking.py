# An endless iterator, unpacked.
# expect: limit.memory

import itertools

[*x] = itertools.count()
