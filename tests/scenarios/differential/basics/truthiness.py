class Box:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class Switch:
    def __init__(self, on):
        self.on = on

    def __bool__(self):
        return self.on


values = [0, 1, "", "0", [], [0], {}, None, 0.0, -1, (), Box(0), Box(2), Switch(False), Switch(True)]
[bool(v) for v in values]
