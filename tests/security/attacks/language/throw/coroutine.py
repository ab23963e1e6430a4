# throw of a coroutine.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: c.throw
# allowed: f.__name__

async def f():
    return 1


c = f()
found = c.throw
await c
