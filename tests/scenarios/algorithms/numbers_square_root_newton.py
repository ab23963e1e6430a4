# Roots by Newton's method and by bisection; integer square root.
def newton(f, derivative, x, tolerance=1e-12):
    for _ in range(100):
        step = f(x) / derivative(x)
        x -= step
        if abs(step) < tolerance:
            return x
    raise ArithmeticError("did not converge")


def bisect(f, low, high):
    assert f(low) * f(high) <= 0
    for _ in range(200):
        middle = (low + high) / 2
        if f(low) * f(middle) <= 0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def isqrt(n):
    x = n
    while x * x > n:
        x = (x + n // x) // 2
    return x


assert abs(newton(lambda x: x * x - 2, lambda x: 2 * x, 1.0) - 2**0.5) < 1e-12
assert abs(bisect(lambda x: x**3 - x - 2, 1, 2) - 1.5213797068045676) < 1e-9
assert all(isqrt(n) ** 2 <= n < (isqrt(n) + 1) ** 2 for n in range(1, 500))
