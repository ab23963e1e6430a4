class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Body:
    def __init__(self, position, velocity):
        self.position = position
        self.velocity = velocity


def main():
    bodies = [Body(Vector(i, i + 1), Vector(1, 2)) for i in range(50)]
    for _ in range(12_000):
        for body in bodies:
            body.position.x += body.velocity.x
            body.position.y += body.velocity.y
            if body.position.x > 1_000:
                body.position.x = body.position.x - 1_000
    return sum(body.position.x * body.position.y for body in bodies)
