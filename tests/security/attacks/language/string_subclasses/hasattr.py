# hasattr with a string that lies.
# expect: script.runtime
# reaches: bool
# offending: S('__globals__')
# allowed: '__name__'

import json


class S(str):
    def __getitem__(self, key):
        return 'x'


found = hasattr(json.dumps, S('__globals__'))
