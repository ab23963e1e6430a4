# Match arguments from a descriptor.
# expect: script.runtime
# reaches: type
# offending: = D()
# allowed: = ('name',)

class D:
    def __get__(self, instance, owner):
        return ('__class__',)


class P:
    name = 'n'
    __match_args__ = D()


match P():
    case P(x):
        found = x
