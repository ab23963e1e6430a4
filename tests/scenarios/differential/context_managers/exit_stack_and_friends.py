from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress


@contextmanager
def opened(name):
    print("open", name)
    yield name
    print("close", name)


class Door:
    def close(self):
        print("door closed")


with ExitStack() as stack:
    names = [stack.enter_context(opened(n)) for n in ("a", "b", "c")]
    stack.callback(print, "callback", 1)
    print(names)
with closing(Door()) as door:
    print(type(door).__name__)
with suppress(KeyError, ValueError):
    {}["x"]
    print("never")
with nullcontext(5) as five:
    print(five)
kept = ExitStack()
kept.enter_context(opened("kept"))
moved = kept.pop_all()
kept.close()
print("still open")
moved.close()
