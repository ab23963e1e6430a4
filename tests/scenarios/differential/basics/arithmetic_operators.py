pairs = [(7, 3), (-7, 3), (7, -3), (-7, -3)]
for a, b in pairs:
    print(a + b, a - b, a * b, a // b, a % b, divmod(a, b), round(a / b, 4))
print(2**10, 2**-1, (-8) ** 3, pow(3, 5, 7), pow(3, -1, 7))
print(+5, -5, ~5, not 5, abs(-5))
print(7.5 // 2, -7.5 % 2, 1e3, 0.1 + 0.2, 3 == 3.0)
print(1_000_000, 0xFF, 0o17, 0b101, 5 & 3, 5 | 3, 5 ^ 3, 1 << 4, 256 >> 3)
(1 + 2j) * (3 - 1j) == 5 + 5j
