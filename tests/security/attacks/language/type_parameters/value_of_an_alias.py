# The value of a type alias.
# expect: script.forbidden_attribute
# reaches: GenericAlias
# python: 3.12
# offending: __value__
# allowed: __name__

type X = list[int]
found = X.__value__
