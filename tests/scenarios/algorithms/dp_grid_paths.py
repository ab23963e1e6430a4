# Cheapest path through a grid; number of paths around obstacles; largest square.
def cheapest(grid):
    costs = [row[:] for row in grid]
    for r, row in enumerate(costs):
        for c in range(len(row)):
            options = ([costs[r - 1][c]] if r else []) + ([row[c - 1]] if c else [])
            row[c] += min(options, default=0)
    return costs[-1][-1]


def paths(grid):
    counts = [0] * len(grid[0])
    counts[0] = 1
    for row in grid:
        for c, blocked in enumerate(row):
            counts[c] = 0 if blocked else counts[c] + (counts[c - 1] if c else 0)
    return counts[-1]


def largest_square(grid):
    best, previous = 0, [0] * (len(grid[0]) + 1)
    for row in grid:
        current = [0]
        for c, cell in enumerate(row, 1):
            current.append(1 + min(previous[c], previous[c - 1], current[-1]) if cell == "1" else 0)
        best, previous = max(best, *current), current
    return best**2


assert cheapest([[1, 3, 1], [1, 5, 1], [4, 2, 1]]) == 7
assert paths([[0, 0, 0], [0, 1, 0], [0, 0, 0]]) == 2
assert paths([[0] * 10 for _ in range(10)]) == 48620
assert largest_square(["10100", "10111", "11111", "10010"]) == 4
