# register_dialect of csv.
# expect: script.forbidden_attribute
# reaches: builtin_function_or_method
# offending: register_dialect
# allowed: reader

import csv

found = csv.register_dialect
