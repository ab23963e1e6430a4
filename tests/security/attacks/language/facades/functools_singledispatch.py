# singledispatch of functools.
# expect: script.forbidden_attribute
# reaches: function
# offending: singledispatch
# allowed: reduce

import functools

found = functools.singledispatch
