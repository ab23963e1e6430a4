# A change of a library's function.
# expect: script.runtime
# reaches: int
# offending: json.dumps
# allowed: f

import json


def f():
    pass


setattr(json.dumps, 'extra', 1)
found = 1
