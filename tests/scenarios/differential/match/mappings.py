def route(event):
    match event:
        case {"type": "click", "x": x, "y": y}:
            return f"click {x},{y}"
        case {"type": "key", "key": str(k), **rest}:
            return f"key {k} {sorted(rest)}"
        case {"items": [first, *_], "meta": {"page": int(p)}}:
            return f"page {p} starts {first}"
        case {"error": {"code": code}} if code >= 500:
            return "server error"
        case {"error": _}:
            return "client error"
        case {}:
            return "some mapping"
        case _:
            return "not a mapping"


events = [
    {"type": "click", "x": 1, "y": 2, "z": 3},
    {"type": "key", "key": "a", "shift": True, "ctrl": False},
    {"items": ["i1", "i2"], "meta": {"page": 4}},
    {"error": {"code": 503}},
    {"error": {"code": 404}},
    {"type": "key", "key": 5},
    [],
]
[route(e) for e in events]
