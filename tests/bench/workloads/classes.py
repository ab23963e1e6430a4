class Square:
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side * self.side

    def grown(self, by):
        return Square(self.side + by)


class Box:
    def __init__(self, side, depth):
        self.base = Square(side)
        self.depth = depth

    def volume(self):
        return self.base.area() * self.depth

    def describe(self):
        return "box:" + str(self.volume())


def main():
    total = 0
    for i in range(60_000):
        box = Box(i % 17, i % 5)
        box.base = box.base.grown(i % 3)
        total += box.volume() + len(box.describe())
    return total
