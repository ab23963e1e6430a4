# A coroutine in yield from.
# expect: script.runtime
# reaches: nothing
# offending: list(g())
# allowed: g()

async def f():
    return 1


def g():
    yield from f()


found = list(g())
