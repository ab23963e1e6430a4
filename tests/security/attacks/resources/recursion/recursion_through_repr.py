# Recursion through repr.
# expect: limit.recursion

class A:
    def __repr__(self):
        return repr(self)


repr(A())
