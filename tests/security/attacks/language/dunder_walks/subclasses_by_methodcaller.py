# Subclasses by methodcaller.
# expect: script.runtime
# reaches: tuple
# offending: __reduce_ex__
# allowed: __pow__

import operator

found = operator.methodcaller('__reduce_ex__', 2)(5)
