# The traceback of an error that was thrown into an async generator.
# expect: script.forbidden_attribute
# reaches: traceback
# offending: __traceback__
# allowed: args

async def g():
    try:
        yield 1
    except ValueError as e:
        yield e.__traceback__


started = g()
await anext(started)
found = await started.athrow(ValueError(1))
