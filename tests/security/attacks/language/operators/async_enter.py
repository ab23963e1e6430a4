# Globals in a hook __aenter__.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json


class A:
    async def __aenter__(self):
        return getattr(json.dumps, "__globals__")

    async def __aexit__(self, kind, error, tb):
        pass


async with A() as found:
    pass
