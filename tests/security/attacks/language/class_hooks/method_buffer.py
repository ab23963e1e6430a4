# A method __buffer__.
# expect: script.forbidden_name
# reaches: list (since 3.12)
# offending: __buffer__
# allowed: _buffer_

found = []


class A:
    x = 1

    def __buffer__(self, *args):
        found.append(args)
        return None


try:
    bytes(A())
except TypeError:
    pass
found = found or A
