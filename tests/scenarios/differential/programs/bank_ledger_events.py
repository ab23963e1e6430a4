from dataclasses import dataclass
from functools import reduce


@dataclass(frozen=True)
class Deposited:
    account: str
    amount: int


@dataclass(frozen=True)
class Transferred:
    source: str
    target: str
    amount: int


def apply(balances, event):
    match event:
        case Deposited(account, amount):
            return {**balances, account: balances.get(account, 0) + amount}
        case Transferred(source=s, target=t, amount=a) if balances.get(s, 0) >= a:
            return {**balances, s: balances[s] - a, t: balances.get(t, 0) + a}
        case Transferred():
            print("refused", event)
            return balances
        case _:
            raise TypeError(f"unknown event {event!r}")


events = [Deposited("ann", 100), Transferred("ann", "bob", 30), Transferred("bob", "cy", 50), Deposited("bob", 5)]
history = [{}]
for event in events:
    history.append(apply(history[-1], event))
assert history[-1] == reduce(apply, events, {})
return history[-1]
