# The loop of a gather.
# expect: script.forbidden_attribute
# reaches: list
# offending: get_loop
# allowed: done

import asyncio

waiting = asyncio.gather(asyncio.sleep(0))
found = [waiting.get_loop]
await waiting
