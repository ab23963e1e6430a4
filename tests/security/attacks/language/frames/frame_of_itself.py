# A generator that looks at its own frame.
# expect: script.forbidden_attribute
# reaches: frame
# offending: gi_frame
# allowed: __name__

def g():
    yield own.gi_frame


own = g()
found = next(own)
