# A method __reduce_ex__.
# expect: script.forbidden_name
# reaches: list
# offending: __reduce_ex__
# allowed: _reduce_ex_

import copy

found = []


class A:
    x = 1

    def __reduce_ex__(self, *args):
        found.append(args)
        return (A, ())


try:
    copy.copy(A())
except TypeError:
    pass
found = found or A
