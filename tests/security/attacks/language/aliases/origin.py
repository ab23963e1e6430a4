# The origin of a generic alias.
# expect: script.forbidden_attribute
# reaches: type
# offending: __origin__
# allowed: __class__

found = list[int].__origin__
