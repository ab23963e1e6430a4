# From enum import EnumMeta.
# expect: script.forbidden_import
# reaches: type
# offending: EnumMeta
# allowed: Enum

from enum import EnumMeta as reached

found = reached
