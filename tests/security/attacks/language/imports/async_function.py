# An import in a coroutine.
# expect: script.forbidden_import
# reaches: module
# offending: subprocess
# allowed: json

async def f():
    import subprocess as reached

    return reached


found = await f()
