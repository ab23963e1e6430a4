# The globals of a library's property.
# expect: script.forbidden_attribute
# reaches: dict
# offending: __globals__
# allowed: __name__

import statistics

found = statistics.NormalDist.mean.fget.__globals__
