def nothing():
    return


def implicit():
    pass


def many():
    return 1, *[2, 3]


def conditional(flag):
    if flag:
        return "yes"


def from_finally():
    for i in range(3):
        try:
            return i
        finally:
            if i < 2:
                continue


def nested():
    def inner():
        return "inner"
    return inner


print(nothing(), implicit(), many(), conditional(False), from_finally(), nested()())
if many():
    if not nothing():
        return {"deep": [many(), (yes := conditional(True))], "yes": yes}
return "unreachable"
