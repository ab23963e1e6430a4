# Globals in the hook __hash__.
# expect: script.runtime
# reaches: list
# offending: "__globals__"
# allowed: "__name__"

import json

found = []


class A:
    def __hash__(self):
        found.append(getattr(json.dumps, "__globals__"))
        return 1


{A(): 1}
