def mix(a, b, c=3):
    return (a * c + b) & 0xFFFF


def twice(x, y):
    return mix(mix(x, y), y, c=5)


def main():
    value = 1
    for i in range(500_000):
        value = twice(value, i)
    return value
