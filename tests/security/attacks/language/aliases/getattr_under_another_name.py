# getattr under another name.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json

look = getattr
found = look(json.dumps, "__globals__")
