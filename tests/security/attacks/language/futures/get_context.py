# A task's get_context.
# expect: script.forbidden_attribute
# reaches: list
# python: 3.12
# offending: get_context
# allowed: get_name

import asyncio

t = asyncio.create_task(asyncio.sleep(0))
found = [t.get_context]
await t
