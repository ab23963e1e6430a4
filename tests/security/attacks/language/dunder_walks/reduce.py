# A walk by reduce.
# expect: script.runtime
# reaches: type
# offending: '__base__'
# allowed: '__name__'

import functools

found = functools.reduce(getattr, ['__class__', '__base__'], ())
