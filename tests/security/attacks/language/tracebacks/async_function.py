# A traceback, in a coroutine.
# expect: script.forbidden_attribute
# reaches: traceback
# offending: __traceback__
# allowed: args

async def f():
    try:
        1 / 0
    except Exception as e:
        return e.__traceback__


found = await f()
