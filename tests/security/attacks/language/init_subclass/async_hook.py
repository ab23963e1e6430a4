# The class's dict, in an awaited hook.
# expect: script.runtime
# reaches: mappingproxy
# offending: __dict__
# allowed: __name__

made = []


class B:
    def __init_subclass__(cls):
        made.append(hook(cls))


async def hook(cls):
    return cls.__dict__


class C(B):
    pass


found = await made[0]
