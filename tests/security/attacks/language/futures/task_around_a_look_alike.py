# A task around a look-alike.
# expect: script.runtime
# reaches: nothing
# offending: asyncio.Task(F())
# allowed: asyncio.create_task(asyncio.sleep(0))

import asyncio


class F:
    pass


found = asyncio.Task(F())
