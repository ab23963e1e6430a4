# Queens that do not attack each other; a small sudoku.
def queens(n):
    solutions = []

    def place(row, columns, left, right, chosen):
        if row == n:
            solutions.append(tuple(chosen))
            return
        for c in range(n):
            if c in columns or row - c in left or row + c in right:
                continue
            place(row + 1, columns | {c}, left | {row - c}, right | {row + c}, [*chosen, c])

    place(0, frozenset(), frozenset(), frozenset(), [])
    return solutions


def sudoku(grid):
    """Solve a 4 x 4 sudoku in place."""
    for r in range(4):
        for c in range(4):
            if grid[r][c] == 0:
                box = [grid[y][x] for y in range(r // 2 * 2, r // 2 * 2 + 2) for x in range(c // 2 * 2, c // 2 * 2 + 2)]
                used = {*grid[r], *(row[c] for row in grid), *box}
                for value in range(1, 5):
                    if value not in used:
                        grid[r][c] = value
                        if sudoku(grid):
                            return True
                        grid[r][c] = 0
                return False
    return True


assert len(queens(6)) == 4 and queens(4) == [(1, 3, 0, 2), (2, 0, 3, 1)]
board = [[1, 0, 0, 0], [0, 0, 3, 0], [0, 4, 0, 0], [0, 0, 0, 2]]
assert sudoku(board) and all(sorted(row) == [1, 2, 3, 4] for row in board)
assert board == [[1, 3, 2, 4], [4, 2, 3, 1], [2, 4, 1, 3], [3, 1, 4, 2]]
