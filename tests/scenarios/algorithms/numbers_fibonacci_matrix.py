# Fibonacci numbers by matrix power, and by memory.
from functools import cache


def multiply(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def fibonacci(n):
    result, base = [[1, 0], [0, 1]], [[1, 1], [1, 0]]
    while n:
        if n % 2:
            result = multiply(result, base)
        base = multiply(base, base)
        n //= 2
    return result[0][1]


@cache
def slow(n):
    return n if n < 2 else slow(n - 1) + slow(n - 2)


assert [fibonacci(n) for n in range(10)] == [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]
assert fibonacci(200) == slow(200) == 280571172992510140037611932413038677189525
