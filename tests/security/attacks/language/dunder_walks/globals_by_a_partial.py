# Globals by a partial.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

import functools, json

found = functools.partial(getattr, json.dumps)('__globals__')
