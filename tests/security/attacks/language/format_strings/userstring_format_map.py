# UserString.format_map.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

import collections

found = collections.UserString('{x.__class__}').format_map({'x': 1})
