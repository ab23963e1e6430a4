# Sleep that blocks the loop.
# expect: limit.wall_time

import time

time.sleep(10**6)
