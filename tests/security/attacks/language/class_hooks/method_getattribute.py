# A method __getattribute__.
# expect: script.forbidden_name
# reaches: list
# offending: __getattribute__
# allowed: _getattribute_

found = []


class A:
    x = 1

    def __getattribute__(self, *args):
        found.append(args)
        return 1


try:
    A().x
except TypeError:
    pass
found = found or A
