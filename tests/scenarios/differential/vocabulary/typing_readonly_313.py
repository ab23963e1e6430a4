# python: >=3.13
from typing import ReadOnly, TypedDict, TypeIs


class Config(TypedDict):
    name: ReadOnly[str]


def is_text(value) -> TypeIs[str]:
    return isinstance(value, str)


class Box[T = int]:
    def __init__(self, value: T):
        self.value = value


Config(name="x"), is_text("a"), is_text(1), Box(5).value
