# A class that makes something else.
# expect: script.runtime
# reaches: function
# offending: return json.dumps
# allowed: return object.__new__(cls)

import copy, json


class A:
    def __new__(cls):
        return json.dumps


a = object.__new__(A)
a.x = 1
found = copy.copy(a)
