# The module of a class.
# expect: script.runtime
# reaches: str
# offending: __module__
# allowed: __name__

import json

found = getattr(json.JSONEncoder, '__module__')
