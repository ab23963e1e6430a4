# Find a pattern in linear time, twice.
def kmp(text, pattern):
    table, k = [0] * len(pattern), 0
    for i in range(1, len(pattern)):
        while k and pattern[i] != pattern[k]:
            k = table[k - 1]
        k += pattern[i] == pattern[k]
        table[i] = k
    found, k = [], 0
    for i, ch in enumerate(text):
        while k and ch != pattern[k]:
            k = table[k - 1]
        k += ch == pattern[k]
        if k == len(pattern):
            found.append(i - k + 1)
            k = table[k - 1]
    return found


def z_function(s):
    z, left, right = [0] * len(s), 0, 0
    for i in range(1, len(s)):
        if i < right:
            z[i] = min(right - i, z[i - left])
        while i + z[i] < len(s) and s[z[i]] == s[i + z[i]]:
            z[i] += 1
        if i + z[i] > right:
            left, right = i, i + z[i]
    return z


assert kmp("abababcab", "abab") == [0, 2]
assert kmp("aaaa", "aa") == [0, 1, 2]
assert kmp("abc", "d") == []
assert z_function("aabxaab") == [0, 1, 0, 0, 3, 1, 0]
