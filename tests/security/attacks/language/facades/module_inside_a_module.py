# A module inside a module.
# expect: script.forbidden_attribute
# reaches: module
# offending: codecs
# allowed: dumps

import json

found = json.codecs
