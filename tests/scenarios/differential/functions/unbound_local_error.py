value = 1


def broken():
    print(value)
    value = 2


try:
    broken()
except UnboundLocalError as error:
    print(type(error).__name__, error)


def conditional(flag):
    if flag:
        result = "set"
    return result


print(conditional(True))
try:
    conditional(False)
except NameError as error:
    print(error)
