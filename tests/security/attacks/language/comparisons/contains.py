# Globals in the hook __contains__.
# expect: script.runtime
# reaches: list
# offending: "__globals__"
# allowed: "__name__"

import json

found = []


class A:
    def __contains__(self, other):
        found.append(getattr(other, "__globals__"))
        return True


json.dumps in A()
