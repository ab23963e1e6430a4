# raises: RuntimeError
try:
    int("zz")
except ValueError as error:
    raise RuntimeError("could not read the input") from error
