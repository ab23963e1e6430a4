# The object of an AttributeError by attrgetter.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: 'obj'
# allowed: 'name'

import operator

try:
    len.nothing
except AttributeError as e:
    found = operator.attrgetter('obj')(e)
