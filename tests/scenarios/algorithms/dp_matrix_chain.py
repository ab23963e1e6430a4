# The cheapest order of a chain of matrix products, with brackets.
from functools import lru_cache


def chain(dimensions):
    @lru_cache(maxsize=None)
    def best(i, j):
        if i == j:
            return 0, chr(ord("A") + i)
        return min(
            (
                best(i, k)[0] + best(k + 1, j)[0] + dimensions[i] * dimensions[k + 1] * dimensions[j + 1],
                f"({best(i, k)[1]}{best(k + 1, j)[1]})",
            )
            for k in range(i, j)
        )

    return best(0, len(dimensions) - 2)


assert chain([40, 20, 30, 10, 30]) == (26000, "((A(BC))D)")
assert chain([10, 20, 30]) == (6000, "(AB)")
