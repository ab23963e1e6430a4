# A mean of an endless iterator.
# expect: ?

import itertools, statistics

statistics.mean(itertools.repeat(1))
