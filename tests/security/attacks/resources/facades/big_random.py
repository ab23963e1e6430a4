# A random number of billions of bits.
# expect: ?

import random

random.getrandbits(10**10)
