# The frame of a generator.
# expect: script.runtime
# reaches: str
# offending: .gi_frame
# allowed:

def g():
    yield 1


found = '{0.gi_frame}'.format(g())
