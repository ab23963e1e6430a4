# Globals in the hook of an own descriptor.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json


class D:
    def __get__(self, instance, owner):
        return getattr(json.dumps, "__globals__")


class A:
    x = D()


found = A().x
