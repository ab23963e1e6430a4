# A dunder class.
# expect: script.forbidden_name
# reaches: type
# offending: __builtins__
# allowed: name

class __builtins__:
    pass


found = __builtins__
