# Deque.
# expect: limit.cpu_time

import collections, itertools

collections.deque(itertools.count(), maxlen=1)
