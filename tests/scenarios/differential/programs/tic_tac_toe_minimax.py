LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]


def winner(board):
    for a, b, c in LINES:
        if board[a] != " " and board[a] == board[b] == board[c]:
            return board[a]
    return None


def minimax(board, player, me, memo):
    key = board, player
    if key in memo:
        return memo[key]
    won = winner(board)
    if won:
        return (1 if won == me else -1), None
    if " " not in board:
        return 0, None
    other = "O" if player == "X" else "X"
    choices = []
    for i, cell in enumerate(board):
        if cell == " ":
            score, _ = minimax(board[:i] + player + board[i + 1:], other, me, memo)
            choices.append((score, -i))
    best = max(choices) if player == me else min(choices)
    memo[key] = best[0], -best[1]
    return memo[key]


print(minimax("XX OO    ", "X", "X", {}), minimax("X O  O X ", "X", "X", {}))
minimax("X   O    ", "X", "X", {})[0]
