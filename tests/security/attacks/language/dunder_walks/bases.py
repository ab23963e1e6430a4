# The bases.
# expect: script.forbidden_attribute
# reaches: tuple
# offending: __bases__
# allowed: __name__

class A:
    pass


found = A.__bases__
