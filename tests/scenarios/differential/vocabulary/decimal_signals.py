from decimal import (
    Clamped, ConversionSyntax, Context, Decimal, DecimalException, DivisionImpossible, DivisionUndefined, FloatOperation,
    InvalidContext, InvalidOperation, MAX_EMAX, MIN_EMIN, MIN_ETINY, Overflow, Rounded, Subnormal, Underflow, localcontext,
)

print([k.__name__ for k in (Clamped, ConversionSyntax, DivisionImpossible, DivisionUndefined, FloatOperation, InvalidContext, Rounded, Subnormal, Underflow) if issubclass(k, DecimalException)])
print(MAX_EMAX > 0 > MIN_EMIN > MIN_ETINY)
with localcontext() as ctx:
    ctx.traps[FloatOperation] = True
    try:
        Decimal(1.5)
    except FloatOperation as error:
        print("float refused")
with localcontext(Context(prec=3, Emin=-5, Emax=5, traps=[Overflow, Underflow, InvalidOperation])):
    for action in (lambda: Decimal("9.99E5") * 10, lambda: Decimal("1E-5") / 1000, lambda: Decimal("-1").sqrt()):
        try:
            print(action())
        except DecimalException as error:
            print(type(error).__name__)
ctx = Context(prec=2)
ctx.add(Decimal("1.23"), Decimal("4.56")), ctx.flags[Rounded], bool(ctx.flags[Overflow])
