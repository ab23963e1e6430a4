# The loop of a task by a keyword pattern.
# expect: script.forbidden_attribute
# reaches: list
# offending: get_loop
# allowed: get_name

import asyncio

t = asyncio.create_task(asyncio.sleep(0))
match t:
    case object(get_loop=found):
        pass
found = [found]
await t
