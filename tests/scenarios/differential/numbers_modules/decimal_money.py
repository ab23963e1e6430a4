from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, getcontext, localcontext

price = Decimal("19.99")
total = sum((price * n for n in (1, 2, 3)), Decimal(0))
print(total, total * Decimal("0.0825"), (total * Decimal("0.0825")).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
print(Decimal("0.1") + Decimal("0.2") == Decimal("0.3"), 0.1 + 0.2 == 0.3, Decimal(1) / Decimal(3), Decimal(0.1), Decimal("1E+3"))
print([str(Decimal("2.5").quantize(Decimal(1), rounding=r)) for r in (ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_DOWN, ROUND_UP, ROUND_CEILING, ROUND_FLOOR)])
with localcontext() as context:
    context.prec = 50
    print(Decimal(2).sqrt())
print(getcontext().prec, Decimal("3.14159").as_tuple(), Decimal("-5").copy_abs(), max(Decimal("1.5"), 1), int(Decimal("7.9")), float(Decimal("0.5")))
print(Decimal("1.10").normalize(), Decimal("1234.5678").to_integral_value(), f"{Decimal('1234567.891'):,.2f}", round(Decimal("2.675"), 2), Decimal(7) // 2, Decimal(-7) % 3)
return {"total": total, "rate": Decimal("0.0825")}
