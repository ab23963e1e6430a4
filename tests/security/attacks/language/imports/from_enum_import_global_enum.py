# From enum import global_enum.
# expect: script.forbidden_import
# reaches: function
# offending: global_enum
# allowed: unique

from enum import global_enum as reached

found = reached
