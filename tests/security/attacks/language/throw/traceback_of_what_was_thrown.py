# The traceback of an error that was thrown.
# expect: script.forbidden_attribute
# reaches: traceback
# offending: __traceback__
# allowed: args

def g():
    try:
        yield 1
    except ValueError as e:
        yield e.__traceback__


started = g()
next(started)
found = started.throw(ValueError(1))
