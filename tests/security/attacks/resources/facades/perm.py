# Permutations of millions.
# expect: ?

import math

math.perm(10**7, 10**7)
