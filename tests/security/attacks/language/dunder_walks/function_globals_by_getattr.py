# A function's globals, by getattr.
# expect: script.runtime
# reaches: dict
# offending: __globals__
# allowed: __name__

def f():
    pass


found = getattr(f, '__globals__')
