from decimal import Decimal
from fractions import Fraction
from numbers import Complex, Integral, Number, Rational, Real

rows = []
for value in (1, True, 1.5, 2j, Fraction(1, 2), Decimal("1.5"), "1"):
    rows.append([isinstance(value, kind) for kind in (Number, Complex, Real, Rational, Integral)])
    print(type(value).__name__, rows[-1])
print((3 + 4j).real, (3 + 4j).imag, abs(3 + 4j), (3 + 4j).conjugate(), (5).real, (7).numerator, (0.5).hex(), float.fromhex("0x1p-1"))
print((10).bit_count(), (-7).__abs__(), int.from_bytes(b"\xff\x00", "big", signed=True), (1.5).as_integer_ratio(), (2.0).is_integer())
rows
