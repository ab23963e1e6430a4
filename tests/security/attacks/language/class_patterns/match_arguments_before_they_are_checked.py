# Match arguments before they are checked.
# expect: script.runtime
# reaches: list
# offending: __class__
# allowed: name

found = []


class B:
    name = 'n'

    def __init_subclass__(cls):
        match cls():
            case cls(x):
                found.append(x)


try:

    class P(B):
        __match_args__ = ('__class__',)
except TypeError:
    pass
