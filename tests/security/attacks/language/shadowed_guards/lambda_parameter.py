# A parameter of a lambda that is called type.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


found = [(lambda x, type: x._value)(asyncio.Event(), lambda thing: A)]
