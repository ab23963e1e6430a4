# A pattern with a dunder name.
# expect: script.forbidden_attribute
# reaches: dict
# offending: object(__globals__=found)
# allowed: found

def f():
    pass


match f:
    case object(__globals__=found):
        pass
