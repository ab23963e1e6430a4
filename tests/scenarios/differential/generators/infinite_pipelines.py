from itertools import islice, takewhile


def naturals():
    n = 0
    while True:
        yield n
        n += 1


def sieve(limit=None):
    found = []
    for n in naturals():
        if n > 1 and all(n % p for p in found if p * p <= n):
            found.append(n)
            yield n


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


print(list(islice(sieve(), 10)))
print(list(takewhile(lambda n: n < 60, fibonacci())))
evens = (n for n in naturals() if n % 2 == 0)
squared = (n * n for n in evens)
sum(islice(squared, 5))
