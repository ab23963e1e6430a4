from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self):
        """The area."""

    @property
    @abstractmethod
    def name(self):
        ...

    def describe(self):
        return f"{self.name}: {self.area():.2f}"


class Circle(Shape):
    name = "circle"

    def __init__(self, r):
        self.r = r

    def area(self):
        return 3.14159 * self.r**2


class Square(Shape):
    def __init__(self, s):
        self.s = s

    @property
    def name(self):
        return "square"

    def area(self):
        return self.s**2


class Half(Shape):
    name = "half"


for cls in (Shape, Half):
    try:
        cls()
    except TypeError as error:
        print("TypeError", "abstract" in str(error), cls.__name__)
[s.describe() for s in (Circle(1), Square(2))]
