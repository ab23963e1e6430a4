from contextlib import contextmanager


@contextmanager
def tag(name):
    print("<" + name + ">")
    try:
        yield name.upper()
    finally:
        print("</" + name + ">")


with tag("a") as outer:
    for k in range(3):
        with tag(f"b{k}") as inner:
            if k == 1:
                return [outer, inner]
