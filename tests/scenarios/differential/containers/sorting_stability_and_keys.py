people = [{"n": "Ann", "a": 30}, {"n": "bob", "a": 25}, {"n": "Cy", "a": 30}, {"n": "dee", "a": 25}]
by_age = sorted(people, key=lambda p: p["a"])
by_age_desc = sorted(people, key=lambda p: p["a"], reverse=True)
print([p["n"] for p in by_age], [p["n"] for p in by_age_desc])
versions = ["1.10.0", "1.2.10", "1.2.9", "0.9"]
print(sorted(versions, key=lambda v: [int(p) for p in v.split(".")]))
order = {"low": 0, "mid": 1, "high": 2}
print(sorted(["high", "low", "mid"], key=order.get), sorted({"b": 1, "a": 2}), sorted([True, False, True]))
try:
    sorted([1, "a"])
except TypeError as error:
    print(error)
sorted(range(10), key=lambda n: (n % 3, -n))
