# Globals in the hook __gt__.
# expect: script.runtime
# reaches: list
# offending: "__globals__"
# allowed: "__name__"

import json

found = []


class A:
    def __gt__(self, other):
        found.append(getattr(other, "__globals__"))
        return True


json.dumps < A()
