# Edit distance with the operations that achieve it.
def edits(a, b):
    rows = [[(j, "i" * j) for j in range(len(b) + 1)]]
    for i, x in enumerate(a, 1):
        row = [(i, "d" * i)]
        for j, y in enumerate(b, 1):
            if x == y:
                row.append((rows[i - 1][j - 1][0], rows[i - 1][j - 1][1] + "k"))
            else:
                cost, path, kind = min(
                    (rows[i - 1][j - 1][0], rows[i - 1][j - 1][1], "r"),
                    (rows[i - 1][j][0], rows[i - 1][j][1], "d"),
                    (row[j - 1][0], row[j - 1][1], "i"),
                    key=lambda option: option[0],
                )
                row.append((cost + 1, path + kind))
        rows.append(row)
    return rows[-1][-1]


assert edits("kitten", "sitting")[0] == 3
assert edits("kitten", "sitting")[1] == "rkkkrki"
assert edits("", "abc") == (3, "iii")
assert edits("abc", "abc") == (0, "kkk")
