# A dict of endless pairs.
# expect: ?

import itertools

dict(zip(itertools.count(), itertools.count()))
