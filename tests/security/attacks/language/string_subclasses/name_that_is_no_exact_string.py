# A name that is no exact string.
# expect: script.runtime
# reaches: int
# offending: S('real')
# allowed: 'real'

class S(str):
    pass


found = getattr(1, S('real'))
