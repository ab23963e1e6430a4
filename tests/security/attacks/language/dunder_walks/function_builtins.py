# A function's builtins.
# expect: script.runtime
# reaches: dict
# offending: __builtins__
# allowed: __name__

def f():
    pass


found = getattr(f, '__builtins__')
