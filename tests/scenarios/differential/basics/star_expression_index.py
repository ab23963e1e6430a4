matrix = {(0, 0): "a", (0, 1): "b"}
print(matrix[0, 1], matrix[(0, 0)])


class Grid:
    def __getitem__(self, key):
        return key


g = Grid()
print(g[1, 2], g[1:2, ::3], g[...], g[*[1, 2], 3])
for x in *range(2), 5:
    print(x, end=" ")
print()
