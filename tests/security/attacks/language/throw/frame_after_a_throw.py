# The frame of a generator that an error was thrown into.
# expect: script.forbidden_attribute
# reaches: frame
# offending: gi_frame
# allowed: __name__

def g():
    while True:
        try:
            yield 1
        except ValueError:
            pass


started = g()
next(started)
started.throw(ValueError)
found = started.gi_frame
