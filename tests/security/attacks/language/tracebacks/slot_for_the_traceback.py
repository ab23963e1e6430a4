# A slot for the traceback.
# expect: script.runtime
# reaches: type
# offending: __cause__
# allowed: cause

class E(Exception):
    __slots__ = ('__cause__',)


found = E
