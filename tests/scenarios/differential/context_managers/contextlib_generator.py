from contextlib import contextmanager


@contextmanager
def section(title, log):
    log.append("begin " + title)
    try:
        yield log
    except KeyError as error:
        log.append(f"handled {error}")
    else:
        log.append("clean")
    finally:
        log.append("end " + title)


log = []
with section("one", log) as l:
    l.append("body")
with section("two", log):
    raise KeyError("k")
try:
    with section("three", log):
        raise TypeError("t")
except TypeError:
    log.append("outer")


@section("decorated", log)
def work():
    log.append("working")


work()
work()
log
