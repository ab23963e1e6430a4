# The longest common subsequence, and a line diff from it.
def lcs(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            table[i][j] = table[i + 1][j + 1] + 1 if a[i] == b[j] else max(table[i + 1][j], table[i][j + 1])
    out, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            out.append(a[i])
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return out


assert "".join(lcs("AGGTAB", "GXTXAYB")) == "GTAB"
assert lcs([1, 2, 3], [4, 5]) == []
assert "".join(lcs("nematode knowledge", "empty bottle")) == "emt ole"
