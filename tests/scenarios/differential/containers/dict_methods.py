d = {"b": 2, "a": 1}
d.update(c=3)
d.update({"d": 4}, e=5)
d.update([("f", 6)])
print(list(d), list(d.values()), list(d.items()), len(d), "a" in d)
print(d.get("zz"), d.get("zz", 0), d.pop("b"), d.pop("zz", "none"), d.popitem(), d.setdefault("g", []))
d["g"].append(1)
print(d, d == {"a": 1, "c": 3, "d": 4, "e": 5, "g": [1]}, dict.fromkeys("xy", 0))
print({"a": 1} | {"a": 2, "b": 3}, d.keys() & {"a", "q"}, d.keys() - {"a"} == {"c", "d", "e", "g"}, list(reversed(d)))
c = d.copy()
c.clear()
for key, value in sorted(d.items(), key=lambda kv: str(kv[1])):
    print(key, value)
try:
    d["missing"]
except KeyError as error:
    print("KeyError", error, error.args)
{1: "one", 2.5: "two and a half", None: "none", True: "one again"}
