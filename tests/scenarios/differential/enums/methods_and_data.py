from enum import Enum


class Planet(Enum):
    MERCURY = (3.303e23, 2.4397e6)
    EARTH = (5.976e24, 6.37814e6)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius

    @property
    def gravity(self):
        return 6.67300e-11 * self.mass / (self.radius * self.radius)


class Operation(Enum):
    ADD = "+"
    MUL = "*"

    def apply(self, a, b):
        if self is Operation.ADD:
            return a + b
        return a * b

    def __str__(self):
        return f"<{self.value}>"


class State(Enum):
    IDLE = 0
    RUNNING = 1
    DONE = 2

    def next(self):
        members = list(State)
        return members[(members.index(self) + 1) % len(members)]


print(f"{Planet.EARTH.gravity:.2f}", Operation.ADD, [op.apply(3, 4) for op in Operation], Operation("*").name)
state = State.IDLE
seen = []
for _ in range(4):
    seen.append(state.name)
    state = state.next()
seen
