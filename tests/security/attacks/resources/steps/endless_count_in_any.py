# Endless count in any.
# expect: limit.steps

import itertools

any(x < 0 for x in itertools.count())
