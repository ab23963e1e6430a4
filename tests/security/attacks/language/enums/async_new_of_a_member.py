# The same from a member, by getattr in a coroutine.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: '_new_member_'
# allowed: '_value_'

import enum


class E(enum.Enum):
    A = 1


async def f(member):
    return getattr(member, '_new_member_')


found = await f(E.A)
