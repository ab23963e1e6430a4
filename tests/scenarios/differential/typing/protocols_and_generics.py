from abc import abstractmethod
from typing import Generic, Protocol, TypeVar, runtime_checkable

T = TypeVar("T")
K = TypeVar("K", bound=str)


@runtime_checkable
class Drawable(Protocol):
    def draw(self) -> str: ...


class Sized(Protocol):
    size: int

    @abstractmethod
    def grow(self) -> None:
        raise NotImplementedError


class Circle:
    def draw(self):
        return "circle"


class Stack(Generic[T]):
    def __init__(self) -> None:
        self.items: list[T] = []

    def push(self, item: T) -> "Stack[T]":
        self.items.append(item)
        return self


class Big(Sized):
    size = 1

    def grow(self):
        self.size *= 10


big = Big()
big.grow()
print(isinstance(Circle(), Drawable), isinstance(3, Drawable), big.size, Circle().draw())
Stack[int]().push(1).push(2).items
