# A dunder in a class body.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

class A:
    __builtins__ = 1
    copy = __builtins__


found = A.copy
