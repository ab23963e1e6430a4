# A coroutine as the method __getattribute__.
# expect: script.forbidden_name
# reaches: list
# offending: __getattribute__
# allowed: _getattribute_

found = []


class A:
    async def __getattribute__(self, name):
        found.append(name)


try:
    await A().anything
except AttributeError:
    pass
found = found or A
