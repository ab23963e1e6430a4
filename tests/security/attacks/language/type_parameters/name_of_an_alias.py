# A dunder as the name of a type alias.
# expect: script.forbidden_name
# reaches: TypeAliasType
# python: 3.12
# offending: __builtins__
# allowed: Name

type __builtins__ = int
found = __builtins__
