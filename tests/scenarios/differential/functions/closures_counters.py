def make_counter(start=0):
    count = start

    def increment(by=1):
        nonlocal count
        count += by
        return count

    def reset():
        nonlocal count
        count = start

    return increment, reset


a, reset_a = make_counter()
b, _ = make_counter(100)
print(a(), a(), b(), a(5))
reset_a()


def outer():
    x = "outer"

    def middle():
        def inner():
            nonlocal x
            x = x + "+inner"
            return x

        return inner()

    return middle(), x


print(a(), outer())
adders = [lambda v, n=n: v + n for n in range(3)]
[add(10) for add in adders]
