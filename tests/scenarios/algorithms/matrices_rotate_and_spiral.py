# Rotate, spiral, zeroes, search in a sorted matrix, diagonals, transpose.
def rotate(m):
    return [list(row)[::-1] for row in zip(*m)]


def spiral(m):
    return [] if not m else [*m[0], *spiral([*zip(*m[1:])][::-1])]


def set_zeroes(m):
    rows = {r for r, row in enumerate(m) if 0 in row}
    columns = {c for c in range(len(m[0])) if any(row[c] == 0 for row in m)}
    return [[0 if r in rows or c in columns else v for c, v in enumerate(row)] for r, row in enumerate(m)]


def search(m, target):
    r, c = 0, len(m[0]) - 1
    while r < len(m) and c >= 0:
        if m[r][c] == target:
            return r, c
        if m[r][c] > target:
            c -= 1
        else:
            r += 1


def diagonals(m):
    n, k = len(m), len(m[0])
    return [[m[r][s - r] for r in range(n) if 0 <= s - r < k] for s in range(n + k - 1)]


m = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
assert rotate(m) == [[7, 4, 1], [8, 5, 2], [9, 6, 3]]
assert rotate(rotate(rotate(rotate(m)))) == m
assert spiral(m) == [1, 2, 3, 6, 9, 8, 7, 4, 5] and spiral([]) == []
assert set_zeroes([[1, 0, 1], [1, 1, 1]]) == [[0, 0, 0], [1, 0, 1]]
assert search(m, 6) == (1, 2) and search(m, 10) is None
assert diagonals(m) == [[1], [2, 4], [3, 5, 7], [6, 8], [9]]
