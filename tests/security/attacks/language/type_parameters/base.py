# A walk in the bases of a generic class.
# expect: script.forbidden_attribute
# reaches: type
# python: 3.12
# offending: __base__
# allowed: Own

class Things:
    Own = dict


class A[T](Things.Own):
    kept = Things.__base__


found = A.kept
