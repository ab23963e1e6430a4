# setattr with a string that lies.
# expect: script.runtime
# reaches: A
# offending: S('x')
# allowed: 'x'

class S(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class A:
    pass


a = A()
setattr(a, S('x'), 1)
found = a
