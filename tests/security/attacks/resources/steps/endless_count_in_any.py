# Endless count in any.
# expect: ?

import itertools

any(x < 0 for x in itertools.count())
