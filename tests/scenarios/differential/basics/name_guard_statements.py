result = []


def work(n):
    result.append(n * n)


if __name__ == "__main__":
    for k in range(4):
        work(k)
    print(result)
    {"squares": result}
