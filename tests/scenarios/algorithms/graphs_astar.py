# Cheapest path over weighted cells, guided by distance.
from heapq import heappop, heappush


def a_star(grid, start, goal):
    rows, columns = len(grid), len(grid[0])
    guess = lambda cell: abs(cell[0] - goal[0]) + abs(cell[1] - goal[1])
    cost, came, frontier = {start: 0}, {}, [(guess(start), start)]
    while frontier:
        _, cell = heappop(frontier)
        if cell == goal:
            path = [cell]
            while cell in came:
                cell = came[cell]
                path.append(cell)
            return cost[goal], path[::-1]
        for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            r, c = cell[0] + dr, cell[1] + dc
            if not (0 <= r < rows and 0 <= c < columns) or grid[r][c] == 0:
                continue
            new = cost[cell] + grid[r][c]
            if new < cost.get((r, c), 10**9):
                cost[r, c], came[r, c] = new, cell
                heappush(frontier, (new + guess((r, c)), (r, c)))
    return None


grid = [[1, 1, 9, 1], [1, 9, 1, 1], [1, 1, 1, 0], [9, 9, 1, 1]]
total, path = a_star(grid, (0, 0), (3, 3))
assert total == 6 and path[0] == (0, 0) and path[-1] == (3, 3) and len(path) == 7
assert a_star([[1, 0], [0, 1]], (0, 0), (1, 1)) is None
