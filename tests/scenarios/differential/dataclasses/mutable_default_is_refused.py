from dataclasses import dataclass

try:
    @dataclass
    class Broken:
        items: list = []
except ValueError as error:
    print(error)
try:
    @dataclass
    class Order:
        a: int = 1
        b: str
except TypeError as error:
    print(error)
