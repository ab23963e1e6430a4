import re

prices = {"apple": 3, "pear": 5}
print(re.sub(r"\{(\w+)\}", lambda m: str(prices.get(m.group(1), "?")), "apple {apple}, pear {pear}, fig {fig}"))
print(re.sub(r"\d+", lambda m: str(int(m[0]) * 2), "1 22 3"), re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.sub("a", "b", "aaa", count=2))
print(re.subn(r"\s+", " ", "a   b \n c"), re.split(r"[,;]\s*", "a, b;c"), re.split(r"(-)", "a-b-c"), re.split(r"\s", "a b c", maxsplit=1))


def title(match):
    word = match.group()
    return word[0].upper() + word[1:].lower()


text = re.sub(r"[A-Za-z]+('[A-Za-z]+)?", title, "they're bill's FRIENDS")
counter = iter(range(100))
numbered = re.sub("x", lambda m: str(next(counter)), "x-x-x")
print(re.escape("a.b*c?"), re.sub(r"(?P<y>\d{4})-(?P<m>\d\d)", r"\g<m>/\g<y>", "2024-05"), re.compile("o").sub("0", "foo"))
text, numbered, re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", "1234567"), re.compile(",").split("a,b"), re.compile("a").subn("b", "aa")
