# The root of a huge number.
# expect: limit.cpu_time

import math

math.isqrt(10 ** (10**8))
