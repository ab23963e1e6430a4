# A slot that hides the class.
# expect: script.runtime
# reaches: type
# offending: __class__
# allowed: __dict__

class A:
    __slots__ = ('__class__',)


found = A
