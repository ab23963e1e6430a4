# Endless iterator in C.
# expect: ?

import itertools

sum(itertools.repeat(1))
