# Import builtins.
# expect: script.forbidden_import
# reaches: module
# offending: builtins
# allowed: heapq

import builtins as reached

found = reached
