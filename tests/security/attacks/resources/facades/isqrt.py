# The root of a huge number.
# expect: ?

import math

math.isqrt(10 ** (10**8))
