# A generator's frame.
# expect: script.forbidden_attribute
# reaches: frame
# offending: gi_frame
# allowed: __name__

def g():
    yield 1


found = g().gi_frame
