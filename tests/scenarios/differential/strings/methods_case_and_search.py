s = "  Hello, World! hello  "
print(s.strip(), "|", s.lstrip(), "|", s.rstrip(), "|")
t = s.strip()
print(t.lower(), t.upper(), t.title(), t.swapcase(), t.capitalize(), t.casefold())
print(t.find("o"), t.rfind("o"), t.index("W"), t.count("l"), t.find("zzz"), t.rindex("h"))
print(t.startswith("Hello"), t.endswith(("x", "hello")), "World" in t)
print(t.replace("l", "L"), t.replace("l", "L", 1), t.removeprefix("Hello"), t.removesuffix("hello"))
print("x".join("abc"), t.partition(","), t.rpartition("l"))
print("a-b_c".translate(str.maketrans("-_", "  ")), "abc".translate(str.maketrans({"a": "1", "b": None})))
