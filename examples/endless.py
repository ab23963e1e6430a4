# A script that would never end is stopped at its limit, and what it had achieved is kept.
import asyncio

entries = await tools.list_dir(path="harness")
print("entries in harness:", len(entries.entries))
while True:
    try:
        await asyncio.sleep(0)
    except BaseException:
        pass
