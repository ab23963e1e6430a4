# sys of enum.
# expect: script.forbidden_attribute
# reaches: module
# offending: sys
# allowed: Enum

import enum

found = enum.sys
