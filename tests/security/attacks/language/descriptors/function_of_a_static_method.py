# The function behind a static method.
# expect: script.forbidden_attribute
# reaches: function
# offending: __wrapped__
# allowed: __name__

class A:
    @staticmethod
    def f():
        pass

    found = f.__wrapped__


found = A.found
