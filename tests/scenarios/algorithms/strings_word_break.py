# Every way of cutting a string into words.
from functools import lru_cache


def sentences(text, words):
    words = frozenset(words)

    @lru_cache(None)
    def cut(start):
        if start == len(text):
            return [""]
        out = []
        for end in range(start + 1, len(text) + 1):
            if text[start:end] in words:
                out += [text[start:end] + (" " + rest if rest else "") for rest in cut(end)]
        return out

    return cut(0)


assert sentences("catsanddog", ["cat", "cats", "and", "sand", "dog"]) == ["cat sand dog", "cats and dog"]
assert sentences("abc", ["a"]) == []
