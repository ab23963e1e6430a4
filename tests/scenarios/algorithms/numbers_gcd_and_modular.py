# Extended Euclid, Chinese remainders, fast power.
def extended_gcd(a, b):
    if b == 0:
        return a, 1, 0
    g, x, y = extended_gcd(b, a % b)
    return g, y, x - a // b * y


def chinese_remainder(pairs):
    total, modulus = 0, 1
    for _, m in pairs:
        modulus *= m
    for r, m in pairs:
        part = modulus // m
        _, inverse, _ = extended_gcd(part, m)
        total += r * part * inverse
    return total % modulus


def power(base, exponent, modulus):
    result = 1
    while exponent:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


g, x, y = extended_gcd(240, 46)
assert g == 2 and 240 * x + 46 * y == 2
assert chinese_remainder([(2, 3), (3, 5), (2, 7)]) == 23
assert power(3, 200, 13) == pow(3, 200, 13)
