# A module of one's own.
# expect: script.runtime
# reaches: module
# offending: type(json)
# allowed: type('json')

import json

found = type(json)('m')
