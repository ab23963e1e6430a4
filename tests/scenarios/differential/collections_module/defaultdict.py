from collections import defaultdict

groups = defaultdict(list)
for name, team in [("ann", "red"), ("bob", "blue"), ("cy", "red")]:
    groups[team].append(name)
counts = defaultdict(int)
for ch in "banana":
    counts[ch] += 1
nested = defaultdict(lambda: defaultdict(set))
nested["x"]["y"].add(1)
tree = lambda: defaultdict(tree)
t = tree()
t["a"]["b"]["c"] = 1
print(dict(groups), counts, groups.get("none"), len(groups), "none" in groups)
print(groups, {k: dict(v) for k, v in nested.items()}, groups.default_factory is list)
plain = defaultdict(None)
try:
    plain["k"]
except KeyError as error:
    print("KeyError", error)
return groups, counts, t
