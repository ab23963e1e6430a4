# Solve linear equations exactly.
from fractions import Fraction


def solve(matrix, right):
    n = len(matrix)
    rows = [[Fraction(v) for v in row] + [Fraction(b)] for row, b in zip(matrix, right)]
    for i in range(n):
        pivot = next(r for r in range(i, n) if rows[r][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(n):
            if r != i:
                factor = rows[r][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    return [row[-1] for row in rows]


assert solve([[2, 1, -1], [-3, -1, 2], [-2, 1, 2]], [8, -11, -3]) == [2, 3, -1]
assert solve([[0, 2], [3, 0]], [1, 1]) == [Fraction(1, 3), Fraction(1, 2)]
