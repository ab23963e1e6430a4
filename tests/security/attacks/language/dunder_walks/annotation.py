# The base of a class, in an annotation.
# expect: script.forbidden_attribute
# reaches: type
# offending: __base__
# allowed: __name__

class A:
    x: ().__class__.__base__ = 1


found = A.__annotations__["x"]
