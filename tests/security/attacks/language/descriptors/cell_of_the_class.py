# The cell of the class.
# expect: script.forbidden_name
# reaches: type
# offending: __class__
# allowed: A

class A:
    def f(self):
        return __class__


found = A().f()
