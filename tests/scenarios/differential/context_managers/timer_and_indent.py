from contextlib import contextmanager

depth = 0


@contextmanager
def indented(title):
    global depth
    say(title)
    depth += 1
    try:
        yield
    finally:
        depth -= 1


def say(text):
    print("  " * depth + text)


with indented("root"):
    say("leaf")
    with indented("branch"):
        say("leaf")
say("end")
depth
