# An iterator that is split without end.
# expect: limit.steps

import itertools

one, other = itertools.tee(itertools.count())
for x in one:
    pass
