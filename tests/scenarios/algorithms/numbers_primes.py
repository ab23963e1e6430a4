# Sieve, factors, totient, next prime.
def sieve(n):
    flags = bytearray([1]) * (n + 1)
    flags[0:2] = b"\x00\x00"
    for i in range(2, int(n**0.5) + 1):
        if flags[i]:
            flags[i * i::i] = bytearray(len(range(i * i, n + 1, i)))
    return [i for i, flag in enumerate(flags) if flag]


def factorize(n):
    factors, p = {}, 2
    while p * p <= n:
        while n % p == 0:
            factors[p] = factors.get(p, 0) + 1
            n //= p
        p += 1 if p == 2 else 2
    if n > 1:
        factors[n] = factors.get(n, 0) + 1
    return factors


def totient(n):
    result = n
    for p in factorize(n):
        result -= result // p
    return result


def is_prime(n, witnesses=(2, 3, 5, 7, 11, 13)):
    if n < 2:
        return False
    if n in witnesses:
        return True
    if any(n % p == 0 for p in witnesses):
        return False
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for a in witnesses:
        x = pow(a, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


assert sieve(30) == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
assert len(sieve(10000)) == 1229
assert factorize(360) == {2: 3, 3: 2, 5: 1} and factorize(97) == {97: 1}
assert [totient(n) for n in (1, 9, 36)] == [1, 6, 12]
assert [n for n in range(200) if is_prime(n)] == sieve(199)
assert is_prime(2**31 - 1) and not is_prime(2**32 + 1)
