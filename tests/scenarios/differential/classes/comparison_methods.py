class Money:
    def __init__(self, cents):
        self.cents = cents

    def __eq__(self, o):
        return self.cents == o.cents if isinstance(o, Money) else NotImplemented

    def __lt__(self, o):
        return self.cents < o.cents

    def __le__(self, o):
        return self.cents <= o.cents

    def __gt__(self, o):
        return self.cents > o.cents

    def __ge__(self, o):
        return self.cents >= o.cents

    def __ne__(self, o):
        return not self == o

    def __repr__(self):
        return f"${self.cents / 100:.2f}"


wallet = [Money(500), Money(50), Money(1999)]
print(sorted(wallet), min(wallet), max(wallet), Money(1) == 1, Money(5) != Money(6), Money(1) <= Money(1) < Money(2))
try:
    hash(Money(1))
except TypeError as error:
    print(error)
[m.cents for m in sorted(wallet, reverse=True)]
