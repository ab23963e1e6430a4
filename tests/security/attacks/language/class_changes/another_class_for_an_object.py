# Another class for an object.
# expect: script.forbidden_attribute
# reaches: B
# offending: __class__ = B
# allowed: b = B

class A:
    pass


class B:
    pass


a = A()
a.__class__ = B
found = a
