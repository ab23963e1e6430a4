# A module inside a module, by getattr.
# expect: script.runtime
# reaches: module
# offending: sys
# allowed: mean

import statistics

found = getattr(statistics, 'sys')
