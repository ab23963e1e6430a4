from dataclasses import asdict, dataclass, field, is_dataclass


@dataclass
class Address:
    street: str
    city: str = "Oslo"


@dataclass
class Person:
    name: str
    address: Address
    friends: dict[str, Address] = field(default_factory=dict)


p = Person("Ann", Address("Main 1"), {"bob": Address("Side 2", "Rome")})
print(asdict(p))
print(is_dataclass(p), is_dataclass(Person), is_dataclass(3))
copy = asdict(p)
copy["address"]["city"] = "changed"
print(p.address.city)
return {"person": p, "list": [Address("a")]}
