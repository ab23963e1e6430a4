x, items = 10, {"a": [1, 2]}
print(f"{x=} {x = } {x*2=} {items['a']=} {len(items)=:>4} {x=!s} {'q'=}")
print(f"{x=:05d} {items=!r:>20}")
f"{ x + 1 = }"
