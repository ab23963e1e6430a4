# Import sys.
# expect: script.forbidden_import
# reaches: module
# offending: sys
# allowed: math

import sys as reached

found = reached
