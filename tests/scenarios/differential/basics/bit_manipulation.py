def popcount(n):
    count = 0
    while n:
        n &= n - 1
        count += 1
    return count


def reverse_bits(n, width):
    result = 0
    for _ in range(width):
        result = (result << 1) | (n & 1)
        n >>= 1
    return result


print([popcount(n) for n in range(10)], (1023).bit_count())
print(reverse_bits(0b0011, 4), bin(reverse_bits(0b10110, 8)))
nums = [4, 1, 2, 1, 2]
single = 0
for n in nums:
    single ^= n
subsets = [[c for i, c in enumerate("abc") if mask >> i & 1] for mask in range(8)]
return single, subsets
