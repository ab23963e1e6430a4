# A template out of an async generator.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

async def templates():
    yield '{0.__class__}'


async for template in templates():
    found = template.format(1)
