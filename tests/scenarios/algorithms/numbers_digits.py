# Puzzles about the digits of a number.
def happy(n):
    seen = set()
    while n != 1 and n not in seen:
        seen.add(n)
        n = sum(int(d) ** 2 for d in str(n))
    return n == 1


def digital_root(n):
    return n if n < 10 else digital_root(sum(map(int, str(n))))


def armstrong(limit):
    return [n for n in range(limit) if n == sum(int(d) ** len(str(n)) for d in str(n))]


def reverse(n):
    sign = -1 if n < 0 else 1
    return sign * int(str(abs(n))[::-1])


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


assert [n for n in range(1, 50) if happy(n)] == [1, 7, 10, 13, 19, 23, 28, 31, 32, 44, 49]
assert digital_root(987654321) == 9
assert armstrong(1000) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 153, 370, 371, 407]
assert reverse(-120) == -21
assert max(range(1, 300), key=collatz) == 231
