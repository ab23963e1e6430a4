# An awaitable that never ends.
# expect: limit.cpu_time

class A:
    def __await__(self):
        while True:
            yield


await A()
