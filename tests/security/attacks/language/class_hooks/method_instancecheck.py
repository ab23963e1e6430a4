# A method __instancecheck__.
# expect: script.forbidden_name
# reaches: list
# offending: __instancecheck__
# allowed: _instancecheck_

found = []


class A:
    x = 1

    def __instancecheck__(self, *args):
        found.append(args)
        return None


try:
    isinstance(1, A())
except TypeError:
    pass
found = found or A
