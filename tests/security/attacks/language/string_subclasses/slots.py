# Slots with a string that lies.
# expect: script.runtime
# reaches: type
# offending: S('__getstate__')
# allowed: 'state'

class S(str):
    def __getitem__(self, key):
        return 'x'


class A:
    __slots__ = (S('__getstate__'),)


found = A
