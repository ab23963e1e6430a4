from dataclasses import dataclass, field


@dataclass
class Product:
    sku: str
    name: str
    price: float
    quantity: int = 0

    @property
    def value(self) -> float:
        return round(self.price * self.quantity, 2)


@dataclass
class Inventory:
    products: dict[str, Product] = field(default_factory=dict)

    def add(self, product: Product) -> None:
        if product.sku in self.products:
            self.products[product.sku].quantity += product.quantity
        else:
            self.products[product.sku] = product

    def low_stock(self, below: int = 5) -> list[Product]:
        return [p for p in self.products.values() if p.quantity < below]

    def __iter__(self):
        return iter(sorted(self.products.values(), key=lambda p: p.name))


inventory = Inventory()
for sku, name, price, quantity in [("a1", "Pen", 1.2, 10), ("b2", "Ink", 7.5, 2), ("a1", "Pen", 1.2, 5)]:
    inventory.add(Product(sku, name, price, quantity))
for product in inventory:
    print(f"{product.name:<6}{product.quantity:>4}{product.value:>8}")
return {"low": [p.sku for p in inventory.low_stock()], "total": sum(p.value for p in inventory)}
