# A module inside a module, under another name.
# expect: script.runtime
# reaches: module
# offending: decoder
# allowed: loads

import json

j = [json][0]
found = getattr(j, 'decoder')
