# raises: AssertionError
def check(n):
    assert n > 10, f"{n} is too small"


check(11)
check(5)
