square = lambda x: x * x
add = lambda a, b=2, *rest, c=3, **kw: (a, b, rest, c, kw)
constant = lambda: 7
compose = lambda *fs: lambda x: [x := f(x) for f in fs][-1]
pairs = sorted([(1, "b"), (2, "a")], key=lambda p: p[1])
factorial = (lambda f: lambda n: f(f, n))(lambda self, n: 1 if n < 2 else n * self(self, n - 1))
print(square(4), add(1), add(1, 5, 6, c=0, z=1), constant(), pairs, factorial(6))
compose(square, lambda v: v + 1, str)(3)
