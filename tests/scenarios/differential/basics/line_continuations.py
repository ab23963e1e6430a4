total = 1 + \
    2 + \
    3
values = [
    1,
    2,
    3,
]
if total == 6 and \
        len(values) == 3:
    print("ok"); print("two statements on a line")
x = 1; y = 2
x + y + total
