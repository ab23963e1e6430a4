# An instance that says what it is made of.
# expect: script.runtime
# reaches: function
# offending: '__reduce_ex__'
# allowed: 'other'

import copy, json


class A:
    pass


a = A()
a.__dict__['__reduce_ex__'] = lambda p: ((lambda: json.dumps), (), (None, {'x': 1}))
found = copy.deepcopy(a)
