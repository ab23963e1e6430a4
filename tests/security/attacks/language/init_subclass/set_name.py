# The class's bases, when a name is set.
# expect: script.forbidden_attribute
# reaches: list
# offending: __bases__
# allowed: __name__

found = []


class D:
    def __set_name__(self, owner, name):
        found.append(owner.__bases__)


class A:
    d = D()
