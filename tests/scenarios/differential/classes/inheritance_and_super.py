class Animal:
    kingdom = "animalia"

    def __init__(self, name):
        self.name = name

    def speak(self):
        return f"{self.name} makes a sound"

    def describe(self):
        return f"{type(self).__name__}: {self.speak()}"


class Dog(Animal):
    def __init__(self, name, breed="mutt"):
        super().__init__(name)
        self.breed = breed

    def speak(self):
        return super().speak() + ": woof"


class Puppy(Dog):
    def speak(self):
        return super().speak().replace("woof", "yip")


p = Puppy("Rex", breed="lab")
print(p.describe(), p.breed, p.kingdom)
print(isinstance(p, Animal), issubclass(Puppy, Dog), isinstance(Dog("d"), Puppy), issubclass(Dog, (int, Animal)))
[a.describe() for a in (Animal("cat"), Dog("Fido"), p)]
