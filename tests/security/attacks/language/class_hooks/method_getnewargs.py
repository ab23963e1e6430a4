# A method __getnewargs__.
# expect: script.forbidden_name
# reaches: list
# offending: __getnewargs__
# allowed: _getnewargs_

import copy

found = []


class A:
    x = 1

    def __getnewargs__(self, *args):
        found.append(args)
        return ()


try:
    copy.copy(A())
except TypeError:
    pass
found = found or A
