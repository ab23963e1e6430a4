# Globals by map.
# expect: script.runtime
# reaches: list
# offending: __globals__
# allowed: __name__

import json

found = list(map(getattr, [json.dumps], ['__globals__']))
