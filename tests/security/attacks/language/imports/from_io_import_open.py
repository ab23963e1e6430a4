# From io import open.
# expect: script.forbidden_import
# reaches: builtin_function_or_method
# offending: open
# allowed: StringIO

from io import open as reached

found = reached
