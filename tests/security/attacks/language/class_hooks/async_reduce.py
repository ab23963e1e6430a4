# A method __reduce__ that runs inside a task.
# expect: script.forbidden_name
# reaches: list
# offending: __reduce__
# allowed: _reduce_

import asyncio
import copy

found = []


class A:
    def __reduce__(self):
        found.append(self)
        return (A, ())


async def duplicate():
    return copy.copy(A())


made = await asyncio.create_task(duplicate())
found = found or made
