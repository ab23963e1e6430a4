from functools import partial, reduce

print(reduce(lambda a, b: a * b, range(1, 6)), reduce(lambda a, b: a + b, [], 10), reduce(max, [3, 9, 2]))
print(reduce(lambda d, kv: {**d, kv[0]: kv[1]}, [("a", 1), ("b", 2)], {}))
parse_binary = partial(int, base=2)
greet = partial("{1}, {0}!".format, "Ann")
print(parse_binary("1010"), greet("Hi"), list(map(partial(pow, 2), range(4))))
power = partial(pow, exp=3)
print(power(2), power.keywords, power.args, power.func is pow)
report = partial(print, "->", sep=" ", end=" <-\n")
report("x")
try:
    reduce(lambda a, b: a, [])
except TypeError as error:
    print(error)
compose = lambda *fs: reduce(lambda f, g: lambda x: g(f(x)), fs)
compose(str.strip, str.upper, len)("  abc ")
