# A module's module as a value to compare.
# expect: script.forbidden_attribute
# reaches: str
# offending: codecs.BOM
# allowed: loads

import json

match 1:
    case json.codecs.BOM:
        pass
    case _:
        found = 'looked it up'
