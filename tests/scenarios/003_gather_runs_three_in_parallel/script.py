import asyncio

a, b, c = await asyncio.gather(
    tools.fetch(url="a"),
    tools.fetch(url="b"),
    tools.fetch(url="c"),
)
return a + b + c
