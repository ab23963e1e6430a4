# A walk by name.
# expect: script.runtime
# reaches: str
# offending: x.__globals__
# allowed: x

import json

found = '{x.__globals__}'.format(x=json.dumps)
