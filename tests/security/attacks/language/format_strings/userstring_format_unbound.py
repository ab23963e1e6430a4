# UserString.format, unbound.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

import collections

u = collections.UserString('{0.__class__}')
found = collections.UserString.format(u, 1)
