# _abs of operator.
# expect: script.forbidden_attribute
# reaches: builtin_function_or_method
# offending: _abs
# allowed: add

import operator

found = operator._abs
