# Globals in the hook __ge__.
# expect: script.runtime
# reaches: list
# offending: "__globals__"
# allowed: "__name__"

import json

found = []


class A:
    def __ge__(self, other):
        found.append(getattr(other, "__globals__"))
        return True


A() >= json.dumps
