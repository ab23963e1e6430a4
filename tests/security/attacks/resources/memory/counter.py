# Counter.
# expect: limit.memory

import collections, itertools

collections.Counter(itertools.count())
