# The loop of a shield.
# expect: script.forbidden_attribute
# reaches: list
# offending: get_loop
# allowed: done

import asyncio

waiting = asyncio.shield(asyncio.sleep(0))
found = [waiting.get_loop]
await waiting
