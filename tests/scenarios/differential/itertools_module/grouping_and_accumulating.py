from itertools import accumulate, groupby, pairwise, tee, zip_longest
import operator

sales = [("mon", 3), ("mon", 5), ("tue", 2), ("wed", 8), ("wed", 1)]
for day, rows in groupby(sales, key=lambda r: r[0]):
    print(day, sum(n for _, n in rows))
print([(k, len(list(g))) for k, g in groupby("aaabbc")])
print(list(accumulate([1, 2, 3, 4])), list(accumulate([2, 3, 4], operator.mul)), list(accumulate([5, 1, 7], max)))
print(list(accumulate([1, 2], initial=100)), list(pairwise("abcd")), list(zip_longest("abc", [1], fillvalue="-")))
a, b = tee(iter(range(4)))
next(b)
print(list(zip(a, b)))
words = sorted(["fig", "apple", "kiwi", "plum", "pear", "date"], key=len)
{k: list(g) for k, g in groupby(words, key=len)}
