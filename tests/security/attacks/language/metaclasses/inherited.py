# A class that inherits from a class's class.
# expect: script.runtime
# reaches: type
# offending: type(A)
# allowed: A

class A:
    pass


class B(type(A)):
    pass


found = B
