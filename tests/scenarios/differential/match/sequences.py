def describe(value):
    match value:
        case []:
            return "empty"
        case [x]:
            return f"one {x}"
        case [x, y]:
            return f"two {x} {y}"
        case ["go", ("north" | "south") as where, *_]:
            return f"go {where}"
        case [first, *middle, last] if first == last:
            return f"same ends around {middle}"
        case (int(a), *rest):
            return f"int {a} then {rest}"
        case [[a, b], [c, d]]:
            return "never reached"
        case _:
            return "no match"


values = [[], [1], (1, 2), ["go", "north", "fast"], ["go", "up", 1], [1, 2, 3, 1], [5, 6, 7], "text", {1: 2}, range(3), "ab"]
[describe(v) for v in values]
