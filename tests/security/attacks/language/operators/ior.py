# Globals in the hook __ior__.
# expect: script.runtime
# reaches: dict
# offending: "__globals__"
# allowed: "__name__"

import json


class A:
    def __ior__(self, other):
        return getattr(other, "__globals__")


found = A()
found |= json.dumps
