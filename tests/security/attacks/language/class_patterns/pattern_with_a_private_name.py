# A pattern with a private name.
# expect: script.forbidden_attribute
# reaches: int
# offending: _x=found
# allowed: x=found

class A:
    x = _x = 1


match A():
    case A(_x=found):
        pass
