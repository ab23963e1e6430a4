# The order of bases, in __init_subclass__.
# expect: script.forbidden_attribute
# reaches: list
# offending: __mro__
# allowed: __name__

found = []


class B:
    def __init_subclass__(cls, **given):
        found.append(cls.__mro__)


class C(B):
    pass
