# open of io.
# expect: script.forbidden_attribute
# reaches: builtin_function_or_method
# offending: open
# allowed: StringIO

import io

found = io.open
