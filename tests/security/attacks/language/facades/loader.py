# The loader.
# expect: script.runtime
# reaches: ModuleSpec
# offending: __spec__
# allowed: loads

import json

found = getattr(json, '__spec__')
