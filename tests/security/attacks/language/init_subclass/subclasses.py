# The subclasses, in __init_subclass__.
# expect: script.forbidden_attribute
# reaches: list
# offending: __subclasses__
# allowed: __name__

found = []


class B:
    def __init_subclass__(cls, **given):
        found.append(B.__subclasses__)


class C(B):
    pass
