class Matrix:
    def __init__(self, rows):
        self.rows = rows

    def __matmul__(self, other):
        columns = list(zip(*other.rows))
        return Matrix([[sum(a * b for a, b in zip(row, column)) for column in columns] for row in self.rows])

    def __imatmul__(self, other):
        self.rows = (self @ other).rows
        return self


left = Matrix([[1, 2], [3, 4]])
right = Matrix([[0, 1], [1, 0]])
print((left @ right).rows)
left @= right
left.rows
