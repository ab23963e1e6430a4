# Globals by a pattern in a mapping.
# expect: script.forbidden_attribute
# reaches: dict
# offending: object(__globals__=found)
# allowed: found

import json

match {'a': json.dumps}:
    case {'a': object(__globals__=found)}:
        pass
