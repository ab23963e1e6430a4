# A coroutine driven by hand.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: c.send
# allowed: await c

async def f():
    return 1


c = f()
found = c.send
