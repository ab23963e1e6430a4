# A timer that writes itself into a frame.
# expect: script.runtime
# reaches: nothing
# offending: __format__
# allowed: __repr__

import asyncio

found = []


class E:
    def __le__(self, other):
        return False

    def __lt__(self, other):
        return False

    def __gt__(self, other):
        return other < 100

    def __ge__(self, other):
        return True

    def __radd__(self, other):
        return self

    def __sub__(self, other):
        return self

    def __float__(self):
        return 0.0

    def __format__(self, spec='x'):
        return found.append(spec) or '0'


async def main():
    await asyncio.sleep(E())


asyncio.create_task(main())
await asyncio.sleep(0.01)
repr(E())
