# Counter.
# expect: ?

import collections, itertools

collections.Counter(itertools.count())
