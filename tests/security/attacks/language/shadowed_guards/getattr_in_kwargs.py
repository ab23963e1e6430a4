# Keyword parameters that are called getattr.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json


def f(*, getattr, thing):
    return getattr(thing, "__globals__")


found = f(getattr=getattr, thing=json.dumps)
