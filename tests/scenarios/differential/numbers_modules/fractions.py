from fractions import Fraction

a, b = Fraction(3, 4), Fraction("0.125")
print(a + b, a - b, a * b, a / b, a**2, -a, abs(Fraction(-1, 2)), a > b, a.numerator, a.denominator, repr(a))
print(Fraction(0.5), Fraction(3.14159).limit_denominator(100), Fraction("1/3") + 1, float(a), int(Fraction(7, 2)), round(Fraction(7, 2)), divmod(Fraction(7, 2), 1))
print(sum(Fraction(1, n) for n in range(1, 11)), Fraction(6, 8) == 0.75, {Fraction(1, 2): "half"}[0.5], Fraction.from_float(0.25))
try:
    Fraction(1, 0)
except ZeroDivisionError as error:
    print(error)


def continued(x, terms):
    out = []
    for _ in range(terms):
        whole = x.numerator // x.denominator
        out.append(whole)
        x -= whole
        if not x:
            break
        x = 1 / x
    return out


return [a, continued(Fraction(415, 93), 10)]
