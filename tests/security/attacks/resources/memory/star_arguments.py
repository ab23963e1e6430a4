# An endless iterator as arguments.
# expect: limit.memory

import itertools

print(*itertools.count())
