# getattr with a string that lies about its beginning.
# expect: script.runtime
# reaches: dict
# offending: S('__globals__')
# allowed: '__name__'

import json


class S(str):
    def startswith(self, *args):
        return False

    def __getitem__(self, key):
        return 'x'


found = getattr(json.dumps, S('__globals__'))
