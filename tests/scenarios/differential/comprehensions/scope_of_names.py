x = "outer"
squares = [x * x for x in range(3)]
print(x, squares)


class Table:
    size = 3
    cells = [n for n in range(size)]
    names = {n: str(n) for n in cells}


funcs = [lambda: i for i in range(3)]
bound = [lambda i=i: i for i in range(3)]
print([f() for f in funcs], [f() for f in bound])
print(Table.cells, Table.names)


def outer(k):
    return [[k + a + b for a in range(2)] for b in range(2)]


outer(10)
