# python: >=3.12
from typing import TypeAliasType, override


class Base:
    def run(self):
        return "base"


class Child(Base):
    @override
    def run(self):
        return "child"


type Alias = list[int]
isinstance(Alias, TypeAliasType), Child().run()
