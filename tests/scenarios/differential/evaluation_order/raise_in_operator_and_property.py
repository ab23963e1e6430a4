# raises: TypeError
class Money:
    def __init__(self, amount):
        self.amount = amount

    def __add__(self, other):
        if not isinstance(other, Money):
            raise TypeError(f"cannot add {type(other).__name__} to Money")
        return Money(self.amount + other.amount)

    @property
    def broken(self):
        return self + 5


wallet = Money(3)
print((wallet + Money(4)).amount)
wallet.broken
