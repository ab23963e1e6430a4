# A number in English words.
ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def words(n):
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + ("-" + ONES[n % 10] if n % 10 else "")
    if n < 1000:
        return ONES[n // 100] + " hundred" + (" and " + words(n % 100) if n % 100 else "")
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if n >= size:
            rest = n % size
            return words(n // size) + " " + name + (" " + words(rest) if rest else "")


assert words(0) == "zero"
assert words(42) == "forty-two"
assert words(342) == "three hundred and forty-two"
assert words(1_002_019) == "one million two thousand nineteen"
assert sum(len(words(n).replace(" ", "").replace("-", "")) for n in range(1, 101)) == 864 + len("onehundred") - 10
