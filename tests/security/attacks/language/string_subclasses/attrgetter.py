# attrgetter with a string that lies.
# expect: script.runtime
# reaches: dict
# offending: S('__globals__')
# allowed: '__name__'

import json, operator


class S(str):
    def startswith(self, *args):
        return False

    def __getitem__(self, key):
        return "x"


found = operator.attrgetter(S('__globals__'))(json.dumps)
