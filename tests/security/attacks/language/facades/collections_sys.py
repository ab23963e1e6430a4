# _sys of collections.
# expect: script.forbidden_attribute
# reaches: module
# offending: _sys
# allowed: deque

import collections

found = collections._sys
