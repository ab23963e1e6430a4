# A walk in the hook of an own class.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

class A:
    def __format__(self, spec):
        return spec.format(1)


found = f"{A():{'{0.__class__}'}}"
