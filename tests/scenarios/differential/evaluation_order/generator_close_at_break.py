def source(name):
    try:
        for i in range(5):
            yield i
    finally:
        print("closed", name)


for x in source("for"):
    if x == 1:
        break
print("after the loop")
print([x for x in source("comp") if x < 2])
next(source("dropped"))
print("after the drop")


def user():
    for x in source("inner"):
        if x == 2:
            return x


print(user())
g = source("kept")
for x in g:
    break
print("still open")
print(next(g))
g.close()
try:
    for x in source("raised"):
        1 / x
except ZeroDivisionError:
    print("handled")
any(x > 1 for x in source("any"))
