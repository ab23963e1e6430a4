# A method __del__ of a class that a coroutine makes.
# expect: script.forbidden_name
# reaches: list
# offending: __del__
# allowed: _del_

found = []


async def make():
    class A:
        def __del__(self):
            found.append(self)

    A()
    return A


made = await make()
found = found or made
