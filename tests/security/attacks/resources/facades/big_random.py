# A random number of billions of bits.
# expect: limit.memory

import random

random.getrandbits(2 * 10**9)
