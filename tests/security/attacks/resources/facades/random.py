# Random bytes without measure.
# expect: ?

import random

random.randbytes(10**10)
