def main():
    total = 0
    for _ in range(300):
        squares = [x * x for x in range(2_000) if x % 3]
        index = {x: x % 11 for x in squares}
        kinds = {value % 7 for value in index.values()}
        total += sum(x for x in squares if x % 2) + len(kinds)
        pairs = [(a, b) for a in range(30) for b in range(30) if a < b]
        total += len(pairs)
    return total
