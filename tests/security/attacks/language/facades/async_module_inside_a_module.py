# A module inside a module, in a coroutine.
# expect: script.forbidden_attribute
# reaches: module
# offending: codecs
# allowed: dumps

import json


async def reach():
    return json.codecs


found = await reach()
