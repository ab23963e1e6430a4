# Endless cycle to list.
# expect: limit.memory

import itertools

list(itertools.cycle([1, 2]))
