# Globals in a hook __anext__.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json


class A:
    def __aiter__(self):
        return self

    async def __anext__(self):
        return getattr(json.dumps, "__globals__")


async for found in A():
    break
