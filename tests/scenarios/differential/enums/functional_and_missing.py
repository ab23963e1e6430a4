from enum import Enum, IntEnum


class Level(Enum):
    INFO = "info"
    ERROR = "error"

    @classmethod
    def parse(cls, text):
        for member in cls:
            if member.value == text.lower():
                return member
        return cls.INFO


Animal = Enum("Animal", "ANT BEE CAT")
Http = IntEnum("Http", {"OK": 200, "MISSING": 404})
print(list(Animal), Animal.BEE.value, Http.OK, Http(404).name, Http.OK == 200)
print(Level.parse("ERROR"), Level.parse("?"), Level.INFO.name, Level.INFO.value)
table = {level: level.name.lower() for level in Level}
print(table[Level.ERROR], sorted(a.name for a in Animal))
try:
    Level.INFO.value = 3
except AttributeError as error:
    print("AttributeError")
Http.OK
