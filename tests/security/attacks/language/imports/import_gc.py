# Import gc.
# expect: script.forbidden_import
# reaches: module
# offending: gc
# allowed: time

import gc as reached

found = reached
