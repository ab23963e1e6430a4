def swallow():
    try:
        raise ValueError("lost")
    finally:
        return "finally wins"


def nested():
    order = []
    try:
        try:
            order.append(1)
            raise KeyError("a")
        finally:
            order.append(2)
    except KeyError:
        order.append(3)
        try:
            raise TypeError("b")
        except TypeError:
            order.append(4)
        finally:
            order.append(5)
    else:
        order.append("no")
    finally:
        order.append(6)
    return order


def generator():
    try:
        yield 1
        yield 2
    finally:
        print("generator finally")


for value in generator():
    print(value)
swallow(), nested()
