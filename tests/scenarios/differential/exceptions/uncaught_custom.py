# raises: PaymentFailed
class PaymentFailed(Exception):
    def __init__(self, amount, reason):
        super().__init__(amount, reason)
        self.amount = amount

    def __str__(self):
        return f"payment of {self.amount} failed: {self.args[1]}"


def pay(amount):
    raise PaymentFailed(amount, "card expired")


try:
    pay(30)
finally:
    print("cleanup ran")
