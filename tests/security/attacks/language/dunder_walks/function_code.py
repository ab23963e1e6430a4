# A function's code.
# expect: script.forbidden_attribute
# reaches: code
# offending: __code__
# allowed: __name__

def f():
    pass


found = f.__code__
