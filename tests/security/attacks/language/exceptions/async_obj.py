# The object of an AttributeError in a coroutine.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: e.obj
# allowed: e.name

async def f():
    try:
        len.nothing
    except AttributeError as e:
        return e.obj


found = await f()
