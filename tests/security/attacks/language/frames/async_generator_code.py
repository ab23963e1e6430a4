# The code of an async generator.
# expect: script.forbidden_attribute
# reaches: code
# offending: ag_code
# allowed: __name__

async def g():
    yield 1


found = g().ag_code
