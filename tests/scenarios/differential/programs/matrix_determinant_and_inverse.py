from fractions import Fraction


def inverse(matrix):
    n = len(matrix)
    rows = [[Fraction(x) for x in row] + [Fraction(int(i == j)) for j in range(n)] for i, row in enumerate(matrix)]
    for col in range(n):
        pivot = next((r for r in range(col, n) if rows[r][col]), None)
        if pivot is None:
            raise ZeroDivisionError("singular matrix")
        rows[col], rows[pivot] = rows[pivot], rows[col]
        rows[col] = [x / rows[col][col] for x in rows[col]]
        for r in range(n):
            if r != col and rows[r][col]:
                rows[r] = [a - rows[r][col] * b for a, b in zip(rows[r], rows[col])]
    return [row[n:] for row in rows]


m = [[2, 1], [5, 3]]
print(inverse(m), [[sum(a * b for a, b in zip(r, c)) for c in zip(*inverse(m))] for r in m])
try:
    inverse([[1, 2], [2, 4]])
except ZeroDivisionError as error:
    print(error)
inverse([[4, 7], [2, 6]])
