# A method __dir__.
# expect: script.forbidden_name
# reaches: list
# offending: __dir__
# allowed: _dir_

found = []


class A:
    x = 1

    def __dir__(self, *args):
        found.append(args)
        return []


try:
    dir(A())
except TypeError:
    pass
found = found or A
