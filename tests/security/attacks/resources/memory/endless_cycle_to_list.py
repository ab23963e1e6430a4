# Endless cycle to list.
# expect: ?

import itertools

list(itertools.cycle([1, 2]))
