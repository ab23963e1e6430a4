class InsufficientFunds(Exception):
    def __init__(self, needed, available):
        super().__init__(f"need {needed}, have {available}")
        self.needed, self.available = needed, available


class Account:
    interest = 0.0

    def __init__(self, owner, balance=0):
        self.owner, self._balance, self.history = owner, balance, []

    @property
    def balance(self):
        return self._balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("deposit must be positive")
        self._balance += amount
        self.history.append(("deposit", amount))

    def withdraw(self, amount):
        if amount > self._balance:
            raise InsufficientFunds(amount, self._balance)
        self._balance -= amount
        self.history.append(("withdraw", amount))


class Savings(Account):
    interest = 0.1

    def add_interest(self):
        self.deposit(round(self._balance * self.interest, 2))


def transfer(source, target, amount):
    source.withdraw(amount)
    target.deposit(amount)


a, b = Account("ann", 100), Savings("bob", 50)
transfer(a, b, 30)
b.add_interest()
try:
    transfer(a, b, 500)
except InsufficientFunds as error:
    print(error, error.needed - error.available)
return {"a": a.balance, "b": b.balance, "history": b.history}
