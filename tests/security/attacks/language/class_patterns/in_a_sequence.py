# Globals by a pattern in a sequence.
# expect: script.forbidden_attribute
# reaches: dict
# offending: object(__globals__=found)
# allowed: found

import json

match [json.dumps]:
    case [object(__globals__=found)]:
        pass
