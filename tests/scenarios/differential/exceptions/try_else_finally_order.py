def run(action):
    steps = []
    try:
        steps.append("try")
        action()
    except ValueError:
        steps.append("except")
    else:
        steps.append("else")
    finally:
        steps.append("finally")
    return steps


def bad():
    raise ValueError


def early():
    try:
        return "from try"
    finally:
        print("finally runs before the return")


def override():
    for _ in range(3):
        try:
            continue
        finally:
            print("loop finally")
    return "end"


print(run(lambda: None), run(bad), early(), override())
try:
    run(lambda: {}["k"])
except KeyError as error:
    print("KeyError", error)
