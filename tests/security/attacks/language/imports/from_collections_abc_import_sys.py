# From collections.abc import sys.
# expect: script.forbidden_import
# reaches: nothing
# offending: sys
# allowed: Set

from collections.abc import sys as reached

found = reached
