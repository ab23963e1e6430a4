# An endless iterator, unpacked.
# expect: ?

import itertools

[*x] = itertools.count()
