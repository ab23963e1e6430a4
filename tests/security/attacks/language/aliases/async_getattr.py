# getattr under another name, awaited.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json


async def look(*args, by=getattr):
    return by(*args)


found = await look(json.dumps, "__globals__")
