# A method __getstate__.
# expect: script.forbidden_name
# reaches: list
# offending: __getstate__
# allowed: _getstate_

import copy

found = []


class A:
    x = 1

    def __getstate__(self, *args):
        found.append(args)
        return None


try:
    copy.copy(A())
except TypeError:
    pass
found = found or A
