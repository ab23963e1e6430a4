# A task's get_stack.
# expect: script.forbidden_attribute
# reaches: list
# offending: get_stack
# allowed: get_name

import asyncio

t = asyncio.create_task(asyncio.sleep(0))
found = [t.get_stack]
await t
