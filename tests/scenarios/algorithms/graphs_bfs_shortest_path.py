# Fewest steps in a maze, and the path.
from collections import deque


def shortest(maze, start="S", goal="E"):
    rows = maze.split()
    find = lambda ch: next((r, row.index(ch)) for r, row in enumerate(rows) if ch in row)
    source, target = find(start), find(goal)
    before, queue = {source: None}, deque([source])
    while queue:
        cell = queue.popleft()
        if cell == target:
            path = []
            while cell is not None:
                path.append(cell)
                cell = before[cell]
            return path[::-1]
        r, c = cell
        for step in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            y, x = step
            if 0 <= y < len(rows) and 0 <= x < len(rows[y]) and rows[y][x] != "#" and step not in before:
                before[step] = cell
                queue.append(step)
    return None


maze = """
S.#.....
.##.###.
....#...
###.#.#E
"""
path = shortest(maze)
assert len(path) - 1 == 14 and path[0] == (0, 0) and path[-1] == (3, 7)
assert shortest("S#E") is None
