# Combinations count.
# expect: limit.cpu_time

import math

math.comb(10**7, 5 * 10**6)
