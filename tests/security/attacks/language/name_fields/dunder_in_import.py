# A dunder in import.
# expect: script.forbidden_name
# reaches: module
# offending: __builtins__
# allowed: name

import json as __builtins__

found = __builtins__
