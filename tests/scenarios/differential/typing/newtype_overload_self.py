from typing import Never, NewType, NoReturn, Self, TypeGuard, assert_never, final, overload

UserId = NewType("UserId", int)


@overload
def double(x: int) -> int: ...
@overload
def double(x: str) -> str: ...
def double(x):
    return x * 2


class Chain:
    def __init__(self):
        self.steps = []

    def add(self, step) -> Self:
        self.steps.append(step)
        return self


@final
class Leaf:
    pass


def is_strings(values: list) -> TypeGuard[list[str]]:
    return all(isinstance(v, str) for v in values)


def fail(reason: str) -> NoReturn:
    raise RuntimeError(reason)


print(UserId(5) + 1, double(4), double("ab"), Chain().add(1).add(2).steps, is_strings(["a"]), is_strings([1]))
for action in (lambda: fail("stop"), lambda: assert_never("x")):
    try:
        action()
    except (RuntimeError, AssertionError) as error:
        print(type(error).__name__, error)
