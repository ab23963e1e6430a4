# A nonlocal dunder.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

def f():
    __builtins__ = 1

    def g():
        nonlocal __builtins__
        __builtins__ = 2

    g()
    return __builtins__


found = f()
