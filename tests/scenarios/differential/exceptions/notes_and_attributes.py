try:
    try:
        int("12x")
    except ValueError as error:
        error.add_note("while reading line 3")
        error.add_note("file: orders.csv")
        raise
except ValueError as error:
    print(error)
    print(error.__notes__)
try:
    {}["key"]
except KeyError as error:
    print(error.args[0], str(error), repr(error))
try:
    import json

    json.loads('{"a": nope}')
except json.JSONDecodeError as error:
    print(error.msg, error.pos, error.lineno, error.colno)
try:
    next(iter(()))
except StopIteration as stop:
    print(stop.value)
try:
    raise OSError(2, "No such thing", "name")
except OSError as error:
    print(error.errno, error.strerror, error.filename, type(error).__name__)
try:
    raise ImportError("x", name="mod")
except ImportError as error:
    print(error.name, error.msg)
