# The traceback thrown into what an async generator awaits.
# expect: script.runtime
# reaches: nothing
# offending: 'traceback'
# allowed: 'CancelledError'

import asyncio, contextlib

found = []


class I:
    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return None

    def throw(self, *args):
        found.extend(args)
        raise StopIteration


@contextlib.asynccontextmanager
async def cm():
    try:
        yield
    except ZeroDivisionError:
        await asyncio.wait_for(I(), 0.01)


try:
    async with cm():
        1 / 0
except TimeoutError:
    pass
found = [x for x in found if type(x).__name__ == 'traceback']
