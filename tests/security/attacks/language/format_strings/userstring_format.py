# UserString.format.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

import collections

found = collections.UserString('{0.__class__}').format(1)
