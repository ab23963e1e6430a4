# A metaclass.
# expect: script.forbidden_syntax
# reaches: type
# offending: metaclass=type
# allowed:

class A(metaclass=type):
    pass


found = A
