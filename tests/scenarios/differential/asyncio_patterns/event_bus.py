import asyncio
from collections import defaultdict


class Bus:
    def __init__(self):
        self.handlers = defaultdict(list)

    def on(self, event):
        def register(handler):
            self.handlers[event].append(handler)
            return handler

        return register

    async def emit(self, event, **data):
        return await asyncio.gather(*(h(**data) for h in self.handlers[event]))


bus = Bus()


@bus.on("order")
async def charge(total, **_):
    await asyncio.sleep(0)
    return f"charged {total}"


@bus.on("order")
async def mail(user, **_):
    return f"mailed {user}"


results = await bus.emit("order", total=30, user="ann")
return results + await bus.emit("nothing")
