# Another class for an object, by super().__setattr__.
# expect: script.runtime
# reaches: B
# offending: __class__
# allowed: b

class B:
    pass


class A:
    def f(self):
        super().__setattr__('__class__', B)
        return self


found = A().f()
