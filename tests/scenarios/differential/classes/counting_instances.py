class Entity:
    instances = []
    next_id = 0

    def __new__(cls, *args):
        self = object.__new__(cls)
        cls.instances.append(self)
        return self

    def __init__(self, name):
        self.name = name
        self.id = Entity.next_id
        Entity.next_id += 1

    @classmethod
    def names(cls):
        return [e.name for e in cls.instances]


class Person(Entity):
    def __init__(self, name, age):
        Entity.__init__(self, name)
        self.age = age


Entity("thing")
p = Person("ann", 3)
print(Entity.names(), p.id, Entity.next_id, [type(e).__name__ for e in Entity.instances])
