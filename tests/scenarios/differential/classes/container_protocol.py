class Deck:
    def __init__(self, cards):
        self._cards = list(cards)

    def __len__(self):
        return len(self._cards)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return Deck(self._cards[index])
        return self._cards[index]

    def __setitem__(self, index, card):
        self._cards[index] = card

    def __delitem__(self, index):
        del self._cards[index]

    def __contains__(self, card):
        print("checking", card)
        return card in self._cards

    def __reversed__(self):
        return reversed(self._cards)

    def __repr__(self):
        return f"Deck({self._cards})"


class Legacy:
    def __getitem__(self, i):
        if i >= 3:
            raise IndexError(i)
        return i * 10


d = Deck("ABCDE")
d[0] = "Z"
del d[1]
d[1] += "!"
print(d, len(d), d[-1], d[1:3], "C" in d, list(reversed(d)), [c for c in d], bool(Deck("")))
list(Legacy()), 20 in Legacy(), max(Legacy())
