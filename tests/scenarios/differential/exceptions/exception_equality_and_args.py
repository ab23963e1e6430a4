a, b = ValueError("x", 1), ValueError("x", 1)
print(a == b, a.args == b.args, str(ValueError()), str(ValueError("one")), str(ValueError("a", 2)), repr(KeyError("k")))
errors = [ValueError("v"), KeyError("k"), TypeError()]
print([f"{type(e).__name__}: {e}" for e in errors], f"{errors[0]!r}")
print(isinstance(a, Exception), issubclass(KeyError, LookupError), ValueError.__name__)
handlers = {ValueError: "value", LookupError: "lookup"}
[next((h for k, h in handlers.items() if isinstance(e, k)), "none") for e in errors]
