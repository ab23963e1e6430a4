# Globals in the bound of a type parameter.
# expect: script.forbidden_attribute
# reaches: TypeVar
# python: 3.12
# offending: __globals__
# allowed: __name__

import json


def f[T: json.dumps.__globals__]():
    return T


found = f()
