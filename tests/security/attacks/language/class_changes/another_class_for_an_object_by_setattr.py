# Another class for an object, by setattr.
# expect: script.runtime
# reaches: B
# offending: __class__
# allowed: b

class A:
    pass


class B:
    pass


a = A()
setattr(a, '__class__', B)
found = a
