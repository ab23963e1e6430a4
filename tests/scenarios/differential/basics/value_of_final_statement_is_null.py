values = [1, 2, 3]
5 + 5
for v in values:
    v * 2
print("the value is null; this is only the log")
x = 10
