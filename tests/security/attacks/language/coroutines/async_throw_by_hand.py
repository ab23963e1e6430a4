# A coroutine that an error is thrown into.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: c.throw
# allowed: f.__name__

async def f():
    pass


c = f()
found = c.throw
try:
    await c
except RuntimeError:
    pass
