from functools import cache, lru_cache

calls = []


@lru_cache(maxsize=None)
def fib(n):
    calls.append(n)
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@cache
def slow(x, *, scale=1):
    calls.append(("slow", x))
    return x * scale


@lru_cache(maxsize=2)
def small(x):
    calls.append(("small", x))
    return x


print(fib(50), len(calls), fib.cache_info())
slow(3), slow(3), slow(3, scale=2)
for v in (1, 2, 1, 3, 1, 2):
    small(v)
print(small.cache_info())
small.cache_clear()
print(small.cache_info().currsize, calls[-6:])
small.cache_info()
