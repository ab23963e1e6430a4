# Count islands, and fill a region.
def islands(grid):
    cells = {(r, c) for r, row in enumerate(grid) for c, v in enumerate(row) if v == "1"}
    sizes = []
    while cells:
        stack, size = [cells.pop()], 0
        while stack:
            r, c = stack.pop()
            size += 1
            for cell in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
                if cell in cells:
                    cells.remove(cell)
                    stack.append(cell)
        sizes.append(size)
    return sorted(sizes)


def fill(image, r, c, color):
    old = image[r][c]
    if old == color:
        return image

    def spread(y, x):
        if 0 <= y < len(image) and 0 <= x < len(image[0]) and image[y][x] == old:
            image[y][x] = color
            for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
                spread(y + dy, x + dx)

    spread(r, c)
    return image


assert islands(["11000", "11000", "00100", "00011"]) == [1, 2, 4]
assert islands([]) == []
assert fill([[1, 1, 1], [1, 1, 0], [1, 0, 1]], 1, 1, 2) == [[2, 2, 2], [2, 2, 0], [2, 0, 1]]
