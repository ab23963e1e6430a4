# A change of a module.
# expect: script.runtime
# reaches: int
# offending: setattr(json
# allowed: setattr(A

import json


class A:
    pass


setattr(json, 'extra', 1)
found = 1
