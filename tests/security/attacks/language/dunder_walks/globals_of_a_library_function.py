# Globals of a library's function.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json

found = getattr(json.dumps, '__globals__')
