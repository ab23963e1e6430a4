# Globals by attrgetter.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import json, operator

found = operator.attrgetter('__globals__')(json.dumps)
