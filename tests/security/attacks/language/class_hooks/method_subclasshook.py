# A method __subclasshook__.
# expect: script.forbidden_name
# reaches: list
# offending: __subclasshook__
# allowed: _subclasshook_

import abc

found = []


class A(abc.ABC):
    @classmethod
    def __subclasshook__(self, *args):
        found.append(args)
        return True


try:
    issubclass(int, A)
except TypeError:
    pass
found = found or A
