print("{} and {}".format("a", "b"), "{1}-{0}-{1}".format("x", "y"), "{name}!".format(name="Zed"))
print("{:>8}|{:<8}|{:^8}|".format("r", "l", "c"), "{:08.3f}".format(3.14159), "{:+d} {:,}".format(5, 1234567))
print("{0[1]} {d[key]}".format([10, 20], d={"key": "val"}), "{{literal}}".format(), "{!r:>6}".format("q"))
print("{:{width}.{precision}f}".format(2.71828, width=10, precision=2), "{:x} {:#b} {:e}".format(255, 5, 12345.678))
template = "{greeting}, {person:*^10}!"
print(template.format(**{"greeting": "Hi", "person": "Al"}), "{a}{b}".format_map({"a": 1, "b": 2}))
"{0:>{1}}".format("done", 8)
