# Import weakref.
# expect: script.forbidden_import
# reaches: module
# offending: weakref
# allowed: copy

import copy

import weakref as reached

found = reached
