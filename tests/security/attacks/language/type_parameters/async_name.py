# A dunder as a type parameter of a coroutine function.
# expect: script.forbidden_name
# reaches: TypeVar
# python: 3.12
# offending: __builtins__
# allowed: Name

async def f[__builtins__]():
    return __builtins__


found = await f()
