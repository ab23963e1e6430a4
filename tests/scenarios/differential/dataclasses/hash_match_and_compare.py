from dataclasses import MISSING, dataclass, field, fields


@dataclass(unsafe_hash=True)
class Tag:
    name: str
    weight: int = field(default=0, hash=False)


@dataclass(eq=True, order=True)
class Job:
    priority: int
    name: str = field(compare=False)


print(len({Tag("a", 1), Tag("a", 1), Tag("b")}))
jobs = sorted([Job(3, "c"), Job(1, "a"), Job(2, "b")])
print([j.name for j in jobs], Job(1, "x") == Job(1, "y"))
print([(f.name, f.default is MISSING) for f in fields(Tag)])
match jobs[0]:
    case Job(1, name):
        print("first is", name)
jobs
