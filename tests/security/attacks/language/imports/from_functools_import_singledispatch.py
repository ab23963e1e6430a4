# From functools import singledispatch.
# expect: script.forbidden_import
# reaches: function
# offending: singledispatch
# allowed: reduce

from functools import singledispatch as reached

found = reached
