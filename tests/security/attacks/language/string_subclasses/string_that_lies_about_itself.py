# A string that lies about itself.
# expect: script.runtime
# reaches: nothing
# offending: S('__globals__')
# allowed: '__name__'

import json


class S(str):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash('real')


found = getattr(json.dumps, S('__globals__'))
