# A frame by getattr with a default.
# expect: script.runtime
# reaches: frame
# offending: 'gi_frame'
# allowed: '__name__'

def g():
    yield 1


found = getattr(g(), 'gi_frame', None)
