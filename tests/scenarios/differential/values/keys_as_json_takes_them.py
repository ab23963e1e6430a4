from enum import IntEnum, StrEnum


class Number(IntEnum):
    ONE = 1


class Text(StrEnum):
    A = "letter"


return [{1: "int", 2.5: "float", None: "none", "s": "str"}, {True: 1, False: 0}, {Number.ONE: 1}, {Text.A: 2}, {10**20: "big", -1: "minus"}]
