# The traceback in the __aexit__ of a base class.
# expect: script.runtime
# reaches: traceback
# offending: append(tb)
# allowed: append(error)

found = []


class Base:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, tb):
        return found.append(tb) or True


class C(Base):
    pass


async with C():
    1 / 0
found = found[0]
