from functools import cached_property, cmp_to_key, partialmethod, total_ordering


class Cell:
    def __init__(self):
        self.state = False

    def set_state(self, value):
        self.state = value

    on = partialmethod(set_state, True)
    off = partialmethod(set_state, False)


@total_ordering
class Grade:
    ORDER = "FDCBA"

    def __init__(self, letter):
        self.letter = letter

    def __eq__(self, other):
        return self.letter == other.letter

    def __lt__(self, other):
        return self.ORDER.index(self.letter) < self.ORDER.index(other.letter)


cell = Cell()
cell.on()
first = cell.state
cell.off()
print(first, cell.state, Grade("A") > Grade("B"), Grade("C") <= Grade("C"), Grade("D") >= Grade("B"))


def by_parity(a, b):
    return (a % 2 - b % 2) or (a - b)


sorted([5, 2, 8, 1, 4], key=cmp_to_key(by_parity))
