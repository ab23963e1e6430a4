# An awaitable that never ends.
# expect: ?

class A:
    def __await__(self):
        while True:
            yield


await A()
