# The code of a coroutine.
# expect: script.forbidden_attribute
# reaches: code
# offending: cr_code
# allowed: __name__

async def f():
    pass


c = f()
found = c.cr_code
c.close()
