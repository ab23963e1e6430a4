# The real hook through super().
# expect: script.forbidden_attribute
# reaches: list
# offending: super().__init_subclass__.__self__
# allowed: super().__init_subclass__.__name__

found = []


class B:
    def __init_subclass__(cls):
        found.append(super().__init_subclass__.__self__)


class C(B):
    pass
