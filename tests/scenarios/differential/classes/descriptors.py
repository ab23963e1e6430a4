class Positive:
    def __set_name__(self, owner, name):
        self.name = name
        self.slot = "stored " + name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return instance.values.get(self.slot, 0)

    def __set__(self, instance, value):
        if value < 0:
            raise ValueError(f"{self.name} must not be negative")
        instance.values[self.slot] = value


class Product:
    price = Positive()
    stock = Positive()

    def __init__(self, price, stock):
        self.values = {}
        self.price, self.stock = price, stock

    def total(self):
        return self.price * self.stock


p = Product(5, 3)
p.stock += 1
print(p.total(), p.values, Product.price.name)
try:
    p.price = -1
except ValueError as error:
    print(error)
