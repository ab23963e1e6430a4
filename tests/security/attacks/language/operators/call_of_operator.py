# Globals by operator.call.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json, operator

found = operator.call(getattr, json.dumps, "__globals__")
