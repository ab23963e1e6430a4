# A method __mro_entries__.
# expect: script.forbidden_name
# reaches: list
# offending: __mro_entries__
# allowed: _mro_entries_

found = []


class A:
    x = 1

    def __mro_entries__(self, *args):
        found.append(args)
        return ()


try:

    class B(A()):
        pass
except TypeError:
    pass
found = found or A
