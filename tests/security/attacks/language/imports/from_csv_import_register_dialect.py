# From csv import register_dialect.
# expect: script.forbidden_import
# reaches: builtin_function_or_method
# offending: register_dialect
# allowed: Dialect

from csv import register_dialect as reached

found = reached
