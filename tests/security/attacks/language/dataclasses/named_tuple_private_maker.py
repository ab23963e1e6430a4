# A named tuple's private maker.
# expect: script.forbidden_attribute
# reaches: function
# offending: _make.__func__
# allowed: _make

import collections

N = collections.namedtuple('N', 'x')
found = N._make.__func__
