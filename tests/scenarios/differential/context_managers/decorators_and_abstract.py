from contextlib import AbstractAsyncContextManager, AbstractContextManager, ContextDecorator


class Shout(ContextDecorator):
    def __enter__(self):
        print("HEAR YE")
        return self

    def __exit__(self, *exc):
        print("DONE")
        return False


@Shout()
def speak(x):
    print("speaking", x)
    return x * 2


class Quiet(AbstractContextManager):
    def __exit__(self, kind, value, traceback):
        return True


class Slow(AbstractAsyncContextManager):
    async def __aexit__(self, kind, value, traceback):
        print("slow exit")
        return None


print(speak(4))
with Quiet() as q:
    raise RuntimeError("ignored")
async with Slow() as s:
    print(type(s).__name__)
return isinstance(q, AbstractContextManager)
