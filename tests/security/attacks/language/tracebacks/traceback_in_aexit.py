# The traceback in __aexit__.
# expect: script.runtime
# reaches: traceback
# offending: append(tb)
# allowed: append(error)

found = []


class C:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, tb):
        return found.append(tb) or True


async with C():
    1 / 0
found = found[0]
