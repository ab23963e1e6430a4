# A change of a library's class.
# expect: script.runtime
# reaches: int
# offending: json.JSONEncoder
# allowed: A

import json


class A:
    pass


json.JSONEncoder.extra = 1
found = 1
