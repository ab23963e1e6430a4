# sys of contextlib.
# expect: script.forbidden_attribute
# reaches: module
# offending: sys
# allowed: suppress

import contextlib

found = contextlib.sys
