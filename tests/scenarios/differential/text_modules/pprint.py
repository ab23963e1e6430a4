from pprint import PrettyPrinter, isreadable, isrecursive, pformat, pp, pprint, saferepr

data = {"name": "widget", "tags": ["alpha", "beta", "gamma" * 5], "dims": {"w": 1, "h": [1, 2, 3]}, "none": None, "t": (1,)}
pprint(data)
pprint(data, width=30, indent=2)
pp({"z": 1, "a": 2})
pprint({"z": 1, "a": 2})
print(pformat([list(range(12))] * 3, width=40, compact=True))
pprint({"deep": {"er": {"est": 1}}}, depth=2)
PrettyPrinter(indent=4, width=20).pprint(["one", "two", "three" * 4])
loop = [1]
loop.append(loop)
print(isreadable(data), isrecursive(loop), saferepr({"b": 1, "a": 2}), "Recursion" in saferepr(loop))
pformat(set("cab"))
