# Length of the longest part of a string without a repeated character.
def longest_unique(text):
    last, start, best = {}, 0, 0
    for i, ch in enumerate(text):
        if ch in last and last[ch] >= start:
            start = last[ch] + 1
        last[ch] = i
        best = max(best, i - start + 1)
    return best


METADATA = {"author": "corpus", "topic": "sliding window"}


def check(candidate):
    assert candidate("abcabcbb") == 3
    assert candidate("bbbbb") == 1
    assert candidate("pwwkew") == 3
    assert candidate("") == 0
    assert candidate("dvdf") == 3


check(longest_unique)
