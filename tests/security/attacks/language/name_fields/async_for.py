# A dunder in async for.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

async def g():
    yield 1


async for __builtins__ in g():
    found = __builtins__
