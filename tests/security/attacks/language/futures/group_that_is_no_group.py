# A group that is no group.
# expect: script.runtime
# reaches: nothing
# offending: asyncio.TaskGroup.create_task(g, call)
# allowed: await call

import asyncio


class G:
    pass


class T:
    def create_task(self, coro, name=None):
        return self

    def done(self):
        return found


g = G()
g._group = T()
call = tools.echo(value=1)
found = asyncio.TaskGroup.create_task(g, call)
