# A loop variable that is called type.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


found = [x._value for x, type in [(asyncio.Event(), lambda thing: A)]]
