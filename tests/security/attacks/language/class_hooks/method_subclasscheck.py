# A method __subclasscheck__.
# expect: script.forbidden_name
# reaches: list
# offending: __subclasscheck__
# allowed: _subclasscheck_

found = []


class A:
    x = 1

    def __subclasscheck__(self, *args):
        found.append(args)
        return None


try:
    issubclass(int, A())
except TypeError:
    pass
found = found or A
