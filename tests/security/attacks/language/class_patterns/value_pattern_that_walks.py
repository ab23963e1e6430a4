# A value pattern that walks.
# expect: script.forbidden_attribute
# reaches: nothing
# offending: A.__dict__.one
# allowed: A.one

class A:
    one = 1


match 1:
    case A.__dict__.one:
        found = 1
    case _:
        found = 2
