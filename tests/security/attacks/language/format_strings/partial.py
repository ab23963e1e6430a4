# The unbound method in a partial.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

import functools

found = functools.partial(str.format, '{0.__class__}')(1)
