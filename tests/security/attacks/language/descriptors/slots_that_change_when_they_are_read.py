# Slots that change when they are read.
# expect: script.runtime
# reaches: type
# offending: __getstate__
# allowed: state

class L(list):
    def __iter__(self):
        return iter(['__getstate__'])


class A:
    __slots__ = L(['x'])


found = A
