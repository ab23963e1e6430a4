value, name, big = 3.14159265, "widget", 1234567.891
print(f"{value:.2f}|{value:10.3f}|{value:<10.1f}|{value:^10.1f}|{value:+.1f}|{value:010.2f}")
print(f"{name:>10}|{name:<10}|{name:^10}|{name:*^12}|{name!r:>12}|{name:.3}")
print(f"{big:,.2f} {big:_.1f} {big:e} {0.256:.1%} {255:x} {255:#X} {255:b} {255:08b} {255:o} {65:c}")
width, prec = 12, 3
print(f"{value:{width}.{prec}f}|{name:{'>'}{width}}|{-5:=+6d}|{1234:n}")
f"{{braces}} {'nested'} {1 + 1} {[x * x for x in range(3)]} {dict(a=1)['a']}"
