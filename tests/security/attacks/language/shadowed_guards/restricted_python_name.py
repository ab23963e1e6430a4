# A parameter that is called as other guards are.
# expect: script.runtime
# reaches: list
# offending: _value
# allowed: is_set

import asyncio


def f(x, _getattr_=lambda thing, name: 1, /):
    return [x._value]


found = f(asyncio.Event())
