# Another class for an object, by object.__setattr__.
# expect: script.runtime
# reaches: B
# offending: __class__
# allowed: b

class A:
    pass


class B:
    pass


a = A()
object.__setattr__(a, '__class__', B)
found = a
