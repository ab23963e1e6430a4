# eval in a coroutine.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: eval
# allowed: repr

async def f():
    return eval


found = await f()
