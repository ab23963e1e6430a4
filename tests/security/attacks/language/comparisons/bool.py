# Globals in the hook __bool__.
# expect: script.runtime
# reaches: list
# offending: "__globals__"
# allowed: "__name__"

import json

found = []


class A:
    def __bool__(self):
        found.append(getattr(json.dumps, "__globals__"))
        return True


not A()
