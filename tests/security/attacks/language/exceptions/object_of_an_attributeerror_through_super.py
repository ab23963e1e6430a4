# The object of an AttributeError, through super().
# expect: script.runtime
# reaches: A
# offending: .obj
# allowed: .args

class X(AttributeError):
    pass


class A:
    def __getattr__(self, name):
        raise X('x')


try:
    A().b
except X as e:
    found = super(X, e).obj
