from enum import Enum, auto


class State(Enum):
    LOCKED = auto()
    CLOSED = auto()
    OPEN = auto()


TRANSITIONS = {
    (State.LOCKED, "unlock"): State.CLOSED,
    (State.CLOSED, "lock"): State.LOCKED,
    (State.CLOSED, "open"): State.OPEN,
    (State.OPEN, "close"): State.CLOSED,
}


class InvalidTransition(ValueError):
    pass


class Door:
    def __init__(self):
        self.state, self.history = State.LOCKED, []
        self.listeners = []

    def on_change(self, f):
        self.listeners.append(f)
        return f

    def do(self, action):
        try:
            new = TRANSITIONS[self.state, action]
        except KeyError:
            raise InvalidTransition(f"cannot {action} when {self.state.name.lower()}") from None
        old, self.state = self.state, new
        self.history.append(action)
        for f in self.listeners:
            f(old, new)


door = Door()


@door.on_change
def report(old, new):
    print(f"{old.name} -> {new.name}")


for action in ("unlock", "open", "lock", "close", "lock"):
    try:
        door.do(action)
    except InvalidTransition as error:
        print(error)
return {"state": door.state.name, "history": door.history}
