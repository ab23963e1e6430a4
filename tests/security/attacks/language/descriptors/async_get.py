# Globals in the hook of a descriptor that is awaited.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json


class D:
    async def __get__(self, instance, owner):
        return getattr(json.dumps, "__globals__")


class A:
    x = D()


found = await A().x
