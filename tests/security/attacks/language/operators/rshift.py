# Globals in the hook __rshift__.
# expect: script.runtime
# reaches: dict
# offending: "__globals__"
# allowed: "__name__"

import json


class A:
    def __rshift__(self, other):
        return getattr(other, "__globals__")


found = A() >> json.dumps
