import math

values = [1, 4, 10, 16, 26]
roots = [(v, r) for v in values if (r := math.isqrt(v)) ** 2 == v]
running = 0
totals = [running := running + v for v in values]
longest = ""
kept = [longest := w for w in ["a", "ccc", "bb", "dddd"] if len(w) > len(longest)]
print(roots, totals, running, kept, longest)


def evens(seq):
    last = None
    out = [last := n for n in seq if n % 2 == 0]
    return out, last


evens([1, 2, 3, 4, 5])
