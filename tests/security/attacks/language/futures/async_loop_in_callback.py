# The loop of a task, in its callback.
# expect: script.forbidden_attribute
# reaches: list
# offending: get_loop
# allowed: get_name

import asyncio

found = []
t = asyncio.create_task(asyncio.sleep(0))
t.add_done_callback(lambda task: found.append(task.get_loop()))
await t
await asyncio.sleep(0)
