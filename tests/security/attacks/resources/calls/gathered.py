# A million calls at once.
# expect: limit.memory | limit.cpu_time

import asyncio

await asyncio.gather(*[tools.echo(value=1) for _ in range(10**6)])
