# The descriptor in a class's dict.
# expect: script.runtime
# reaches: function
# offending: __dict__['f']
# allowed: f

class A:
    def f(self):
        return 1


found = A.__dict__['f']
