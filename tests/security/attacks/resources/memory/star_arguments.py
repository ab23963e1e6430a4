# An endless iterator as arguments.
# expect: ?

import itertools

print(*itertools.count())
