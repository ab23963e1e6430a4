# A class of groups.
# expect: script.runtime
# reaches: type
# offending: ExceptionGroup
# allowed: ValueError

E = ExceptionGroup


class X(E):
    pass


found = X
