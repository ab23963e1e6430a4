# A subclass of type.
# expect: script.runtime
# reaches: type
# offending: type
# allowed: object

class A(type):
    pass


found = A
