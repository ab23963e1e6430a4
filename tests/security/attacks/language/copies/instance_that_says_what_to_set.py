# An instance that says what to set.
# expect: script.runtime
# reaches: Event
# offending: '__getstate__'
# allowed: 'other'

import asyncio, copy


class A:
    pass


a = A()
a.__dict__['__getstate__'] = lambda: (None, {'__class__': asyncio.Event, '_waiters': [], '_value': 1})
found = copy.copy(a)
