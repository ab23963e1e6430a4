# Sleep that blocks the loop.
# expect: ?

import time

time.sleep(10**6)
