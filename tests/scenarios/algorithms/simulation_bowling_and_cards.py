# Scores of bowling, ranks of poker hands, a shuffled deck.
from collections import Counter


def bowling(rolls):
    score, i = 0, 0
    for frame in range(10):
        if rolls[i] == 10:
            score += 10 + rolls[i + 1] + rolls[i + 2]
            i += 1
        elif rolls[i] + rolls[i + 1] == 10:
            score += 10 + rolls[i + 2]
            i += 2
        else:
            score += rolls[i] + rolls[i + 1]
            i += 2
    return score


RANKS = "23456789TJQKA"


def poker(hand):
    ranks = sorted((RANKS.index(card[0]) for card in hand.split()), reverse=True)
    flush = len({card[1] for card in hand.split()}) == 1
    counts = Counter(ranks)
    shape = sorted(counts.values(), reverse=True)
    if ranks == [12, 3, 2, 1, 0]:
        ranks = [3, 2, 1, 0, -1]
    straight = shape == [1] * 5 and ranks[0] - ranks[-1] == 4
    order = sorted(ranks, key=lambda r: (-counts[r], -r))
    kind = (
        8 if straight and flush else 7 if shape == [4, 1] else 6 if shape == [3, 2] else 5 if flush else 4 if straight
        else 3 if shape[0] == 3 else 2 if shape[:2] == [2, 2] else 1 if shape[0] == 2 else 0
    )
    return kind, order


assert bowling([10] * 12) == 300 and bowling([9, 0] * 10) == 90 and bowling([5] * 21) == 150
hands = ["2H 3H 4H 5H 6H", "AS AD AC AH 2D", "KS KD 2C 2H 2D", "2S 9S 4S JS KS", "AS 2D 3C 4H 5S", "2S 2D 2C KH QS", "KS KD 2C 2H 9D", "2S 2D 3C 9H KD", "2S 4D 6C 8H TD"]
assert [poker(h)[0] for h in hands] == [8, 7, 6, 5, 4, 3, 2, 1, 0]
assert max(hands[2:], key=poker) == hands[2]
