# A method __del__.
# expect: script.forbidden_name
# reaches: list
# offending: __del__
# allowed: _del_

found = []


class A:
    x = 1

    def __del__(self, *args):
        found.append(args)
        return None


try:
    a = A()
    del a
except TypeError:
    pass
found = found or A
