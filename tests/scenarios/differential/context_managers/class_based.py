class Resource:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self.name.upper()

    def __exit__(self, kind, value, traceback):
        print("exit", self.name, kind.__name__ if kind else None, value)
        return self.swallow


with Resource("a") as a, Resource("b", swallow=True) as b:
    print(a, b)
    raise ValueError("swallowed by b")
print("after")
try:
    with Resource("c"):
        1 / 0
except ZeroDivisionError as error:
    print("propagated", error)
for n in range(3):
    with Resource(f"loop{n}"):
        if n == 1:
            break
with (
    Resource("p") as p,
    Resource("q"),
):
    print(p)
