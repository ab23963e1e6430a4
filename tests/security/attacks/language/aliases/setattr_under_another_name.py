# setattr under another name.
# expect: script.runtime
# reaches: str
# offending: json.dumps
# allowed: f

import json


def f():
    pass


put = setattr
put(json.dumps, "extra", 1)
found = "put"
