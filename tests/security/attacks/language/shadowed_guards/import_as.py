# A module that is called getattr.
# expect: script.forbidden_attribute
# reaches: dict
# offending: __globals__
# allowed: __name__

import json as getattr

found = getattr.dumps.__globals__
