from enum import Flag, IntEnum, IntFlag, StrEnum, auto


class Priority(IntEnum):
    LOW = 1
    HIGH = 10


class Mode(StrEnum):
    READ = auto()
    WRITE = "w"


class Perm(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W


class Bits(IntFlag):
    A = 1
    B = 4


print(Priority.HIGH > Priority.LOW, Priority.LOW + 5, sorted([Priority.HIGH, Priority.LOW]), f"{Priority.HIGH}", max(Priority))
print(Mode.READ, Mode.READ == "read", Mode.WRITE.upper(), f"{Mode.WRITE}", Mode("w").name)
p = Perm.R | Perm.X
print(Perm.R in p, Perm.W in p, p & Perm.R == Perm.R, Perm.RW.value, bool(p & Perm.W), ~Perm.R == Perm.W | Perm.X)
print(Bits.A | Bits.B == 5, int(Bits.A | Bits.B), Bits(5) == Bits.A | Bits.B)
[Priority.LOW, Mode.READ, p.value]
