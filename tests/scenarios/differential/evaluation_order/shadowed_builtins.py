def run():
    list = [1, 2]
    str = "text"
    len = lambda x: 42
    return list, str, len("abc")


print(run(), len("abc"))
max = 5
next = "next"
iter = "iter"
zip = None
type = "kind"
range_copy = range
range = lambda n: range_copy(n + 1)
total = 0
for i in range(3):
    total += i
values = [i for i in range(2)]
n = 0
while n < max:
    n += 1
id, input_ = 7, 8


class Thing:
    type = "attribute"
    id = 3

    def filter(self, type=None):
        return type or self.type


thing = Thing()
thing.size = 4
thing.size += 1
total, values, n, id, thing.filter(), thing.filter("given"), thing.size, type, next
