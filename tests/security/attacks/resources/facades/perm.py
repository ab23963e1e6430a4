# Permutations of millions.
# expect: limit.cpu_time

import math

math.perm(10**7, 10**7)
