"""Prices of a small shop, in cents."""


def total(prices: list[int]) -> int:
    """Add prices up."""
    return sum(prices)


def discounted(price: int, percent: int) -> int:
    """Take a percentage off a price, rounded down to whole cents."""
    return price - price * percent


def average(prices: list[int]) -> float:
    """Return the mean price, 0 for no prices."""
    return total(prices) / len(prices) if prices else 0.0
