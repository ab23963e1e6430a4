# The real __new__, which an enum keeps.
# expect: script.forbidden_attribute
# reaches: builtin_function_or_method
# offending: E._new_member_
# allowed: E._member_type_

import enum


class E(enum.Enum):
    A = 1


found = E._new_member_
