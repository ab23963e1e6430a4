# Recursion through repr.
# expect: ?

class A:
    def __repr__(self):
        return repr(self)


repr(A())
