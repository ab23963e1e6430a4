# An iterator that is split without end.
# expect: ?

import itertools

one, other = itertools.tee(itertools.count())
for x in one:
    pass
