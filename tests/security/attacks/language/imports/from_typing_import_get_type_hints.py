# From typing import get_type_hints.
# expect: script.forbidden_import
# reaches: function
# offending: get_type_hints
# allowed: get_args

from typing import get_type_hints as reached

found = reached
