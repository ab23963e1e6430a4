# The traceback in an async stack's callback.
# expect: script.runtime
# reaches: traceback
# offending: append(tb)
# allowed: append(error)

import contextlib

found = []


async def leave(kind, error, tb):
    return found.append(tb) or True


async with contextlib.AsyncExitStack() as stack:
    stack.push_async_exit(leave)
    1 / 0
found = found[0]
