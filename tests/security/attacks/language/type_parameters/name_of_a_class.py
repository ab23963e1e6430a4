# A dunder as a type parameter of a class.
# expect: script.forbidden_name
# reaches: TypeVar
# python: 3.12
# offending: __builtins__
# allowed: Name

class A[__builtins__]:
    kept = __builtins__


found = A.kept
