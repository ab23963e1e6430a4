from dataclasses import KW_ONLY, InitVar, dataclass, field
from typing import ClassVar


@dataclass
class Base:
    kind: ClassVar[str] = "base"
    name: str
    size: int = 1


@dataclass
class Child(Base):
    scale: InitVar[int] = 2
    area: int = field(init=False)
    _: KW_ONLY
    label: str = "none"

    def __post_init__(self, scale):
        self.area = self.size * scale
        self.name = self.name.title()


@dataclass(repr=False, eq=False)
class Bare:
    x: int

    def __repr__(self):
        return f"<{self.x}>"


c = Child("box", 3, 10, label="L")
print(c, Child.kind, Bare(1) == Bare(1), Bare(2))
c
