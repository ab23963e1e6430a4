x = "global"


def reads():
    return x


def shadows():
    x = "local"

    class C:
        y = x
        x = "class"
        z = [x for _ in range(1)]

        def method(self):
            return x

    return C.y, C.x, C.z, C().method()


def uses_global():
    global x, fresh
    x = "changed"
    fresh = [k for k in "ab"]

    def inner():
        return x, fresh

    return inner()


def deletes():
    value = 1
    del value
    try:
        return value
    except NameError as error:
        return str(error)


def loops():
    fs = []
    for k in range(3):
        def f():
            return k
        fs.append(f)
    return [f() for f in fs]


class Meta:
    a = 1
    b = a + 1
    c = [i * 2 for i in range(b)]


print(reads(), shadows(), uses_global(), reads(), fresh, deletes(), loops(), Meta.c)
if True:
    conditional = "defined"
try:
    undefined_thing
except NameError as error:
    print(error)
for leaked in range(3):
    pass
with_comp = [leaked for leaked in "zz"]
conditional, leaked
