# Random bytes without measure.
# expect: limit.memory

import random

random.randbytes(10**8)
