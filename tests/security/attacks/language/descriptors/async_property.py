# Globals in a property of coroutines.
# expect: script.forbidden_attribute
# reaches: dict
# offending: __globals__
# allowed: __name__

import json


class A:
    @property
    async def x(self):
        return json.dumps.__globals__


found = await A().x
