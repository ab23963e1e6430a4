# Globals, in a decorator.
# expect: script.forbidden_attribute
# reaches: dict
# offending: __globals__
# allowed: __name__

import json


def keep(x):
    return lambda f: x


@keep(json.dumps.__globals__)
def found():
    pass
