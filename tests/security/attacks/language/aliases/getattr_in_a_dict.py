# getattr out of a dict.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json

found = {"look": getattr}["look"](json.dumps, "__globals__")
