def attempt(action):
    try:
        return action()
    except (KeyError, IndexError) as error:
        return f"lookup {type(error).__name__} {error}"
    except ArithmeticError as error:
        return f"arithmetic {type(error).__name__} {error}"
    except Exception as error:
        return f"other {type(error).__name__} {error}"


actions = [
    lambda: {}["missing"],
    lambda: [][3],
    lambda: 1 / 0,
    lambda: 1.0 // 0,
    lambda: 5 % 0,
    lambda: int("x1"),
    lambda: "a" + 1,
    lambda: None.upper(),
    lambda: undefined_name,
    lambda: [1, 2].index(9),
    lambda: float("abc"),
    lambda: list("abc")["x"],
    lambda: len(5),
    lambda: (1).real(),
    lambda: 2.0**10000,
    lambda: chr(-1),
    lambda: bytes([300]),
    lambda: next(iter([])),
    lambda: [].pop(),
    lambda: set([[]]),
    lambda: "%d" % "x",
    lambda: "{} {}".format(1),
    lambda: max([]),
    lambda: int("5", 99),
    lambda: range(1, 2, 0),
    lambda: sorted([1, None]),
    lambda: dict([1]),
    lambda: "é".encode("ascii"),
]
for action in actions:
    print(attempt(action))
