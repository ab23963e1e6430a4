from collections import Counter

votes = Counter(["ann", "bob", "ann", "cy", "ann", "bob"])
print(votes, votes.most_common(2), votes["nobody"], sum(votes.values()), votes.total())
votes.update({"cy": 4})
votes.subtract(["ann"])
a, b = Counter("aabbc"), Counter("abbd")
print(a + b, a - b, a & b, a | b, +Counter(x=1, y=-1), -Counter(x=1, y=-2))
print(sorted(a.elements()), list(Counter("hello")), a == Counter("bcaab"), Counter("ab") <= Counter("aab"))
for letter, n in Counter("mississippi").most_common():
    print(letter, n, end="; ")
print()
del votes["bob"]
return votes
