# The binding of a library's function.
# expect: script.runtime
# reaches: method-wrapper
# offending: __get__
# allowed: __name__

import json

found = json.dumps.__get__
