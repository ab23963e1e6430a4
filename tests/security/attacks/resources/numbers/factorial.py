# Factorial.
# expect: limit.cpu_time

import math

math.factorial(10**7)
