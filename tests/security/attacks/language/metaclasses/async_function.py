# A metaclass in a coroutine.
# expect: script.forbidden_syntax
# reaches: type
# offending: metaclass=type
# allowed:

async def f():
    class A(metaclass=type):
        pass

    return A


found = await f()
