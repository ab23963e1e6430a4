# Globals in the equality of a gathered task's result.
# expect: script.runtime
# reaches: list
# offending: "__globals__"
# allowed: "__name__"

import asyncio, json

found = []


class A:
    def __eq__(self, other):
        found.append(getattr(other, "__globals__"))
        return True


async def f():
    return json.dumps


(await asyncio.gather(f())).index(A())
