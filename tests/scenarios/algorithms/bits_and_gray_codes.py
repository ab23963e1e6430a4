# Single numbers, gray codes, bit counts, subsets, swaps, power of two.
def single_twice_others(nums):
    ones = twos = 0
    for n in nums:
        ones = (ones ^ n) & ~twos
        twos = (twos ^ n) & ~ones
    return ones


def gray(n):
    return [i ^ (i >> 1) for i in range(1 << n)]


def count_bits(n):
    out = [0]
    for i in range(1, n + 1):
        out.append(out[i >> 1] + (i & 1))
    return out


def missing(nums):
    result = len(nums)
    for i, n in enumerate(nums):
        result ^= i ^ n
    return result


def add(a, b, mask=0xFFFFFFFF):
    while b & mask:
        a, b = a ^ b, (a & b) << 1
    return a & mask if b > mask else a


assert single_twice_others([2, 2, 3, 2]) == 3
assert gray(3) == [0, 1, 3, 2, 6, 7, 5, 4]
assert all(bin(a ^ b).count("1") == 1 for a, b in zip(gray(4), gray(4)[1:]))
assert count_bits(8) == [0, 1, 1, 2, 1, 2, 2, 3, 1]
assert missing([3, 0, 1]) == 2
assert add(123, 456) == 579
