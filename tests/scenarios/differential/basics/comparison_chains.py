def note(value):
    print("read", value)
    return value


print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 >= 2 != 1)
print(note(1) < note(5) < note(3) < note(9))
a = [1]
b = [1]
print(a == b, a is b, a is not b, 1 in a, 2 not in a)
print((1, 2, 3) < (1, 2, 4), [1, 2] < [1, 2, 0], "Zoo" < "apple")
print(None is None, {1, 2} < {1, 2, 3}, {1, 2} >= {2})
