# Globals in the hook __rmatmul__.
# expect: script.runtime
# reaches: dict
# offending: "__globals__"
# allowed: "__name__"

import json


class A:
    def __rmatmul__(self, other):
        return getattr(other, "__globals__")


found = json.dumps @ A()
