# Import importlib.
# expect: script.forbidden_import
# reaches: module
# offending: importlib
# allowed: bisect

import importlib as reached

found = reached
