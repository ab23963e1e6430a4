# Globals in a hook __await__.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json


class A:
    def __await__(self):
        yield from ()
        return getattr(json.dumps, "__globals__")


found = await A()
