def main():
    total = 0
    for i in range(1_200_000):
        total += i * 3 % 7
    n = 27
    while n < 1_800_000:
        n += 2
        total ^= n
    return total
