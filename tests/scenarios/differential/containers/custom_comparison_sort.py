from functools import cmp_to_key, total_ordering


@total_ordering
class Version:
    def __init__(self, text):
        self.parts = tuple(int(p) for p in text.split("."))

    def __eq__(self, other):
        return self.parts == other.parts

    def __lt__(self, other):
        return self.parts < other.parts

    def __repr__(self):
        return "v" + ".".join(map(str, self.parts))


vs = [Version(v) for v in ("1.2", "1.10", "1.1.5")]
print(sorted(vs), max(vs), vs[0] >= vs[2], vs[0] > vs[1])


def largest_number(nums):
    texts = sorted(map(str, nums), key=cmp_to_key(lambda a, b: int(b + a) - int(a + b)))
    return "".join(texts)


largest_number([3, 30, 34, 5, 9])
