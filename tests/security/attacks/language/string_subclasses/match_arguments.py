# Match arguments with a string that lies.
# expect: script.runtime
# reaches: nothing
# offending: S('__class__')
# allowed: 'x'

class S(str):
    def __getitem__(self, key):
        return 'x'


class A:
    x = 1
    __match_args__ = (S('__class__'),)


match A():
    case A(found):
        pass
