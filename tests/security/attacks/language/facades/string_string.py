# _string of string.
# expect: script.forbidden_attribute
# reaches: module
# offending: _string
# allowed: digits

import string

found = string._string
