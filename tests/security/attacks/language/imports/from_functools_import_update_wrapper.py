# From functools import update_wrapper.
# expect: script.forbidden_import
# reaches: function
# offending: update_wrapper
# allowed: wraps

from functools import update_wrapper as reached

found = reached
