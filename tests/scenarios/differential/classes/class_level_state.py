class Tracker:
    instances = []
    defaults = {"level": 1}
    total: int = 0

    def __init__(self, name):
        self.name = name
        self.instances.append(name)
        type(self).total += 1

    @classmethod
    def reset(cls):
        cls.instances = []


class Sub(Tracker):
    pass


Tracker("a")
Sub("b")
Sub("c")
Sub.reset()
t = Tracker("d")
t.defaults["level"] = 9
t.total = "own"
print(Tracker.instances, Sub.instances, Tracker.total, Sub.total, t.total, Sub.defaults)
del t.total
t.total
