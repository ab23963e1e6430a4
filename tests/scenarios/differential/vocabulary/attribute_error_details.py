class Thing:
    pass


try:
    Thing().nothing
except AttributeError as error:
    print(error.name, isinstance(error, AttributeError))
try:
    undefined
except NameError as error:
    print(error.name)
try:
    "x".nope
except AttributeError as error:
    str(error)
