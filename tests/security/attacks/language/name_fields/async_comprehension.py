# A dunder in an async comprehension.
# expect: script.forbidden_name
# reaches: list
# offending: __builtins__
# allowed: name

async def g():
    yield 1


found = [__builtins__ async for __builtins__ in g()]
