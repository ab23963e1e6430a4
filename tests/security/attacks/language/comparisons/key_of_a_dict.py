# Globals in the equality of a dict's keys.
# expect: script.runtime
# reaches: list
# offending: "__globals__"
# allowed: "__name__"

import json

found = []


class A:
    def __hash__(self):
        return hash(json.dumps)

    def __eq__(self, other):
        found.append(getattr(other, "__globals__"))
        return True


{json.dumps: 1}[A()]
