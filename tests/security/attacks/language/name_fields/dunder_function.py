# A dunder function.
# expect: script.forbidden_name
# reaches: function
# offending: __builtins__
# allowed: name

def __builtins__():
    pass


found = __builtins__
