def run():
    try:
        try:
            raise ExceptionGroup("eg", [TypeError(1), ValueError(2)])
        except* TypeError as eg:
            print("types", eg.exceptions)
            raise LookupError("from handler")
        except* ValueError:
            print("values")
    except (ExceptionGroup, LookupError) as outer:
        return repr(outer)


print(run())
try:
    raise ExceptionGroup("x", [ExceptionGroup("y", [KeyError("deep")])])
except* KeyError as eg:
    inner = eg.exceptions[0]
    print(inner.exceptions[0])
