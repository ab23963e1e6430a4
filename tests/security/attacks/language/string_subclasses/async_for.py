# Names out of an async generator that lie.
# expect: script.runtime
# reaches: dict
# offending: S('__globals__')
# allowed: '__name__'

import json


class S(str):
    def __getitem__(self, key):
        return 'x'


async def names():
    yield S('__globals__')


async for name in names():
    found = getattr(json.dumps, name)
