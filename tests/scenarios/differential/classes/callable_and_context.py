class Multiplier:
    def __init__(self, k):
        self.k = k

    def __call__(self, *values, **named):
        return [v * self.k for v in values] + [f"{n}={v * self.k}" for n, v in named.items()]


class Transaction:
    def __init__(self, ledger):
        self.ledger = ledger

    def __enter__(self):
        self.before = list(self.ledger)
        return self

    def __exit__(self, kind, value, traceback):
        if kind is not None:
            self.ledger[:] = self.before
            print("rolled back:", kind.__name__, value)
        return kind is ValueError


triple = Multiplier(3)
ledger = [1]
with Transaction(ledger) as t:
    t.ledger.append(2)
with Transaction(ledger):
    ledger.append(99)
    raise ValueError("no funds")
print(callable(triple), triple(1, 2, x=3))
ledger
