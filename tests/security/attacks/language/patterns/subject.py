# Globals as the subject.
# expect: script.forbidden_attribute
# reaches: dict
# offending: __globals__
# allowed: __name__

import json

match json.dumps.__globals__:
    case found:
        pass
