# Match arguments.
# expect: script.runtime
# reaches: type
# offending: __class__
# allowed: name

class P:
    name = 'n'
    __match_args__ = ('__class__',)


match P():
    case P(x):
        found = x
