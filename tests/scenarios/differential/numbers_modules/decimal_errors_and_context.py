from decimal import (
    MAX_PREC, ROUND_05UP, ROUND_HALF_DOWN, Context, Decimal, DecimalException, DecimalTuple, DivisionByZero, Inexact,
    InvalidOperation, Overflow, getcontext, localcontext, setcontext,
)

for bad in (lambda: Decimal("abc"), lambda: Decimal(1) / 0, lambda: Decimal("NaN") < 1, lambda: Decimal(0) / 0):
    try:
        print(bad())
    except DecimalException as error:
        print(type(error).__name__, isinstance(error, ArithmeticError))
context = Context(prec=5, rounding=ROUND_HALF_DOWN)
print(context.divide(Decimal(1), Decimal(3)), context.create_decimal("1.234565"), Decimal((0, (1, 2, 3), -2)), DecimalTuple(1, (5,), 0).digits)
print(Decimal("15.5").quantize(Decimal(1), rounding=ROUND_05UP), Decimal("Infinity") > 10**100, Decimal("NaN").is_nan(), MAX_PREC > 10**9)
old = getcontext()
setcontext(Context(prec=3))
print(Decimal(1) / Decimal(7))
setcontext(old)
with localcontext() as ctx:
    ctx.traps[Inexact] = True
    try:
        Decimal(1) / Decimal(3)
    except Inexact:
        print("inexact")
print(issubclass(InvalidOperation, DecimalException), issubclass(DivisionByZero, ZeroDivisionError), issubclass(Overflow, Inexact))
[Decimal("1.0") == 1, hash(Decimal(5)) == hash(5), Decimal("1.0").compare(Decimal("1.00")), str(Decimal("1.0"))]
