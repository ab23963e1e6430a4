import asyncio

mirrors = ["slow", "fast", "slower"]
tasks = [asyncio.create_task(tools.fetch(url=url)) for url in mirrors]
done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
for task in pending:
    task.cancel()
ended = await asyncio.gather(*pending, return_exceptions=True)
print([type(e).__name__ for e in ended])
return done.pop().result()
