# A hook __getattr__ that asks itself.
# expect: limit.recursion

class A:
    def __getattr__(self, name):
        return getattr(self, name + "x")


A().y
