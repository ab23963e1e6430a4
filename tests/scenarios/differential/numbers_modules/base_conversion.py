def to_base(n, base, digits="0123456789abcdefghijklmnopqrstuvwxyz"):
    if n == 0:
        return "0"
    sign, n, out = ("-" if n < 0 else ""), abs(n), ""
    while n:
        n, digit = divmod(n, base)
        out = digits[digit] + out
    return sign + out


print(to_base(255, 2), to_base(255, 16), to_base(-35, 36), [int(to_base(n, 7), 7) == n for n in (1, 50, 1000)])
print(int("z", 36), int("0b101", 0), int("-0x1f", 16), f"{10:b}".zfill(8), bin(-5), format(255, "#010x"))
try:
    int("12", 2)
except ValueError as error:
    print(error)
