# Super bound anew.
# expect: script.forbidden_name
# reaches: int
# offending: super
# allowed: sup

def f():
    super = 1
    return 1


found = f()
