values = [0.1, 1e16, 1e15, 123456789.123, 1 / 3, 1e-5, 100.0, -0.0, 5e-324]
for v in values:
    print(v, repr(v), f"{v:.3f}", f"{v:g}", f"{v:e}")
print(float("inf"), -float("inf"), float("nan"))
values[:5]
