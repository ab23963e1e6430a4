# A dunder as a keyword of a class.
# expect: script.forbidden_name
# reaches: dict
# offending: __builtins__
# allowed: name

class A:
    def __init_subclass__(cls, **given):
        cls.given = given


class B(A, __builtins__=1):
    pass


found = B.given
