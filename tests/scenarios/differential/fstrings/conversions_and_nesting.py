class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

    def __str__(self):
        return f"<{self.x}|{self.y}>"

    def __format__(self, spec):
        return f"{self.x:{spec}};{self.y:{spec}}" if spec else str(self)


p = Point(1.5, 2)
print(f"{p} {p!s} {p!r} {p!a} {p:.2f} {p!r:>20}")
print(f"{f'{p.x:.1f}':>6}|{'yes' if p.x > 1 else 'no'}|{(lambda v: v * 2)(4)}")
rows = [("id", 3), ("n", 4)]
print("\n".join(f"{k:<5}{'=' * v}" for k, v in rows))
f"""multi
{p.y}
line"""
