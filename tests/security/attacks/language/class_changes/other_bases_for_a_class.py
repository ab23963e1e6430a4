# Other bases for a class.
# expect: script.forbidden_attribute
# reaches: type
# offending: __bases__
# allowed: bases

class A:
    pass


class B(A):
    pass


class C:
    pass


B.__bases__ = (A,)
found = B
