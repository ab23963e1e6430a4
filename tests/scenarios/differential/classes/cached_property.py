from functools import cached_property


class Dataset:
    def __init__(self, values):
        self.values = values

    @cached_property
    def total(self):
        print("computing")
        return sum(self.values)


d = Dataset([1, 2, 3])
print(d.total, d.total)
d.values.append(100)
print(d.total)
del d.total
d.total
