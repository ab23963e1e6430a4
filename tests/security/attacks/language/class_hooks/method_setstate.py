# A method __setstate__.
# expect: script.forbidden_name
# reaches: list
# offending: __setstate__
# allowed: _setstate_

import copy

found = []


class A:
    x = 1

    def __setstate__(self, *args):
        found.append(args)
        return None


try:
    a = A()
    a.x = 1
    copy.copy(a)
except TypeError:
    pass
found = found or A
