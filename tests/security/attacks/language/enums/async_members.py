# Members from a module's globals, in a coroutine.
# expect: script.runtime
# reaches: method
# offending: _convert_
# allowed: _member_map_

import enum


class E(enum.Enum):
    A = 1


async def f():
    return E._convert_


found = await f()
