# Globals in the guard of a case.
# expect: script.forbidden_attribute
# reaches: dict
# offending: __globals__
# allowed: __name__

import json

match json.dumps:
    case f if found := f.__globals__:
        pass
