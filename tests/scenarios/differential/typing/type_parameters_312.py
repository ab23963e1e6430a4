# python: >=3.12
class Box[T]:
    def __init__(self, value: T) -> None:
        self.value = value

    def map[U](self, f) -> "Box[U]":
        return Box(f(self.value))


def first[T](items: list[T], default: T | None = None) -> T | None:
    return items[0] if items else default


type Pair[A] = tuple[A, A]
type Number = int | float


def swap[A: (int, str), *Ts, **P](pair: Pair[A]) -> Pair[A]:
    return pair[1], pair[0]


print(Box(3).map(str).value, Box[int](4).value, first([]), first([9]), swap((1, 2)))
first("", default="none")
