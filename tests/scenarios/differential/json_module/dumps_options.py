import json

data = {"b": [1, 2.5, None, True], "a": {"nested": "é\n"}, "c": "</tag>", 1: "int key", None: 0}
print(json.dumps(data))
print(json.dumps({"b": 1, "a": [1, {"c": 2}]}, indent=2, sort_keys=True))
print(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
print(json.dumps("quote\"backslash\\"), json.dumps([]), json.dumps({}), json.dumps((1, 2)), json.dumps(1e100), json.dumps(float("inf")))
print(json.dumps({(1, 2): 3, "k": 1}, skipkeys=True), json.dumps([1, [2]], indent="\t"))
for bad in (lambda: json.dumps({1, 2}), lambda: json.dumps({(1,): 2}), lambda: json.dumps(float("nan"), allow_nan=False), lambda: json.dumps(object)):
    try:
        bad()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
loop = []
loop.append(loop)
try:
    json.dumps(loop)
except ValueError as error:
    print(error)
