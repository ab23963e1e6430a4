def average(values):
    assert values, "no values"
    assert all(isinstance(v, (int, float)) for v in values), f"bad: {values!r}"
    return sum(values) / len(values)


print(average([1, 2, 3]))
for bad in ([], [1, "x"]):
    try:
        average(bad)
    except AssertionError as error:
        print("assertion:", error)
try:
    assert 1 == 2
except AssertionError as error:
    print(repr(error), error.args)
