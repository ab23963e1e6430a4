# Endless iterator in C.
# expect: limit.cpu_time

import itertools

sum(itertools.repeat(1))
