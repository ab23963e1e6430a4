# A dunder as the name of a coroutine function.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

async def __builtins__():
    return 1


found = await __builtins__()
