import asyncio
from functools import partial

calls = [tools.load(name=n) for n in "ab"]
get = tools.load
later = {n: partial(get, name=n) for n in "cd"}
first = [await call for call in calls]
rest = await asyncio.gather(*(make() for make in later.values()), *map(tools.load, ["e"]))
spare = tools.load(name="only if there are few")
if len(rest) < 2:
    rest.append(await spare)
return first + rest
