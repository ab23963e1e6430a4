# getattr in a coroutine with a string that lies.
# expect: script.runtime
# reaches: dict
# offending: S('__globals__')
# allowed: '__name__'

import json


class S(str):
    def startswith(self, *args):
        return False


async def f(name):
    return getattr(json.dumps, name)


found = await f(S('__globals__'))
