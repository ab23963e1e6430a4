# A dict of endless pairs.
# expect: limit.memory | limit.cpu_time

import itertools

dict(zip(itertools.count(), itertools.count()))
