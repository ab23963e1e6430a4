# Calls in tasks without end.
# expect: limit.tool_calls

import asyncio

while True:
    asyncio.create_task(tools.echo(value=1))
    await asyncio.sleep(0)
