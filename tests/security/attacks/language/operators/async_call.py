# Globals in a hook __call__ that is awaited.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json


class A:
    async def __call__(self, other):
        return getattr(other, "__globals__")


found = await A()(json.dumps)
