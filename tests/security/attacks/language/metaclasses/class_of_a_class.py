# The class of a class, called.
# expect: script.runtime
# reaches: type
# offending: ('B', (), {})
# allowed:

class A:
    pass


found = A.__class__('B', (), {})
