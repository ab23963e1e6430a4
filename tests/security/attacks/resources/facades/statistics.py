# A mean of an endless iterator.
# expect: limit.cpu_time

import itertools, statistics

statistics.mean(itertools.repeat(1))
