names = ["banana", "Apple", "cherry", "apple", "Banana"]
print(sorted(names), sorted(names, key=str.lower), sorted(names, key=str.casefold, reverse=True))
print(sorted(names, key=len), sorted(names, key=lambda s: (len(s), s.lower())))
names.sort(key=str.upper)
print(list(map(str.title, names)), list(filter(str.isupper, ["A", "b", "C"])), ",".join(map(str, [1, 2])))
max(names, key=str.lower)
