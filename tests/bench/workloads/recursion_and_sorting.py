def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def quicksort(items):
    if len(items) < 2:
        return items
    pivot = items[len(items) // 2]
    return (
        quicksort([x for x in items if x < pivot])
        + [x for x in items if x == pivot]
        + quicksort([x for x in items if x > pivot])
    )


def main():
    numbers = [i * 7919 % 10_007 for i in range(30_000)]
    ordered = quicksort(numbers)
    again = sorted(numbers, key=lambda x: -x)
    return fibonacci(24) + ordered[100] + again[100]
