# From string import Formatter.
# expect: script.forbidden_import
# reaches: type
# offending: Formatter
# allowed: Template

from string import Formatter as reached

found = reached
