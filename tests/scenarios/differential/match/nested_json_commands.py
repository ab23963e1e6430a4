commands = [
    {"op": "set", "path": ["a", "b"], "value": 1},
    {"op": "set", "path": ["a", "c"], "value": [1, 2]},
    {"op": "delete", "path": ["a", "b"]},
    {"op": "increment", "path": ["n"], "by": 5},
    {"op": "increment", "path": ["n"]},
    {"op": "noop"},
    "garbage",
]
state = {"n": 0}
for command in commands:
    match command:
        case {"op": "set", "path": [*parents, key], "value": value}:
            target = state
            for p in parents:
                target = target.setdefault(p, {})
            target[key] = value
        case {"op": "delete", "path": [*parents, key]}:
            target = state
            for p in parents:
                target = target[p]
            del target[key]
        case {"op": "increment", "path": [key], "by": int(by)}:
            state[key] += by
        case {"op": "increment", "path": [key]}:
            state[key] += 1
        case {"op": op}:
            print("ignored", op)
        case other:
            print("bad", repr(other))
return state
