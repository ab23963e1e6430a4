# __prepare__ of type.
# expect: script.forbidden_attribute
# reaches: builtin_function_or_method
# offending: __prepare__
# allowed: __name__

found = type.__prepare__
