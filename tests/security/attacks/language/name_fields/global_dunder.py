# A global dunder.
# expect: script.forbidden_name
# reaches: dict
# offending: __builtins__
# allowed: name

def f():
    global __builtins__
    __builtins__ = {"print": 1}


f()
found = __builtins__
