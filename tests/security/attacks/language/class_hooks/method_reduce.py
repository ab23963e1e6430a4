# A method __reduce__.
# expect: script.forbidden_name
# reaches: list
# offending: __reduce__
# allowed: _reduce_

import copy

found = []


class A:
    x = 1

    def __reduce__(self, *args):
        found.append(args)
        return (A, ())


try:
    copy.copy(A())
except TypeError:
    pass
found = found or A
