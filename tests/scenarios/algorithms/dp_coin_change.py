# Fewest coins, and the number of ways, for an amount.
def fewest(coins, amount):
    best = [0] + [amount + 1] * amount
    for value in range(1, amount + 1):
        for coin in coins:
            if coin <= value:
                best[value] = min(best[value], best[value - coin] + 1)
    return best[amount] if best[amount] <= amount else -1


def ways(coins, amount):
    table = [1] + [0] * amount
    for coin in coins:
        for value in range(coin, amount + 1):
            table[value] += table[value - coin]
    return table[amount]


assert fewest([1, 2, 5], 11) == 3
assert fewest([2], 3) == -1
assert fewest([1], 0) == 0
assert ways([1, 2, 5], 5) == 4
assert ways([1, 2, 5, 10, 20, 50, 100, 200], 200) == 73682
