class Tracked:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        return self if instance is None else instance.store.get(self.name, "unset")

    def __set__(self, instance, value):
        instance.store[self.name] = value

    def __delete__(self, instance):
        print("deleting", self.name)
        instance.store.pop(self.name, None)


class Model:
    color = Tracked()

    def __init__(self):
        self.store = {}

    def visible(self):
        return 1


m = Model()
m.color = "red"
print(m.color)
del m.color
print(m.color, [n for n in dir(m) if not n.startswith("_")], "visible" in dir(Model))
[n for n in dir([]) if n in ("append", "sort")]
