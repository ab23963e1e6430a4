# raises: ValueError
def numbers(texts):
    for text in texts:
        yield int(text)


def doubled(texts):
    for n in numbers(texts):
        yield n * 2


total = 0
for value in doubled(["1", "2", "x"]):
    total += value
    print(total)
