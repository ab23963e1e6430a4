# A state that is copied into another.
# expect: script.runtime
# reaches: B
# offending: '__getstate__'
# allowed: 'other'

import copy


class S:
    def __deepcopy__(self, memo):
        return (None, {'__class__': B})


class B:
    pass


class A:
    pass


a = A()
a.__dict__['__getstate__'] = S
found = copy.deepcopy(a)
