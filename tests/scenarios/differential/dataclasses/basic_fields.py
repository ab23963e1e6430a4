from dataclasses import asdict, astuple, dataclass, field, fields, replace


@dataclass
class Item:
    name: str
    price: float = 1.0
    tags: list[str] = field(default_factory=list)
    id: int = field(default=0, repr=False, compare=False)

    def total(self, n: int) -> float:
        return self.price * n


a = Item("pen", 2.5)
b = Item("pen", 2.5, id=7)
a.tags.append("x")
print(a, a == b, b.tags, a.total(4))
b.tags.append("x")
print(a == b, [f.name for f in fields(Item)], asdict(a), astuple(b))
print(replace(a, price=9.0))
return a
