# python: >=3.13
try:
    raise PythonFinalizationError("late")
except RuntimeError as error:
    print(type(error).__name__, error)
