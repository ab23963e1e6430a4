# A module under another name.
# expect: script.forbidden_attribute
# reaches: module
# offending: codecs
# allowed: loads

import json as data

found = data.codecs
