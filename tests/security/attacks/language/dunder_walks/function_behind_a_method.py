# The function behind a method.
# expect: script.forbidden_attribute
# reaches: function
# offending: __func__
# allowed: __name__

class A:
    def f(self):
        pass


found = A().f.__func__
