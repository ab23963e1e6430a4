# Import ctypes.
# expect: script.forbidden_import
# reaches: module
# offending: ctypes
# allowed: decimal

import ctypes as reached

found = reached
