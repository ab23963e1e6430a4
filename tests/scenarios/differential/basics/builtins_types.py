for value in [1, 1.5, "s", b"b", [], (), {}, set(), None, True, range(3), 2j]:
    print(type(value).__name__, isinstance(value, (int, str)), callable(value))
print(isinstance(True, int), issubclass(bool, int), type(3) is int, type("") == str)
print(hash("a") == hash("a"), hash(1) == hash(1.0), id(None) == id(None))
print(str(12), repr("x"), list("abc"), tuple([1, 2]), dict(a=1, b=2), dict([("k", 1)]), set("aab") == {"a", "b"})
print(bytes([65, 66]), bytearray(b"xy"), format(3.14159, ".2f"), slice(1, 2))
object() != object()
