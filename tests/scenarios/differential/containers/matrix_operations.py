m = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
rotated = [list(row) for row in zip(*m[::-1])]
spiral = []
work = [row[:] for row in m]
while work:
    spiral += work.pop(0)
    work = [list(r) for r in zip(*work)][::-1]


def determinant(a):
    if len(a) == 1:
        return a[0][0]
    return sum((-1) ** c * a[0][c] * determinant([row[:c] + row[c + 1:] for row in a[1:]]) for c in range(len(a)))


print(rotated, spiral)
print([sum(row) for row in m], [sum(col) for col in zip(*m)], sum(m[i][i] for i in range(3)))
determinant([[2, 0, 1], [1, 3, 2], [1, 1, 4]])
