rows = [("Widget", 4, 3.5), ("Gadget", 10, 12.25), ("Thing", 1, 100)]
header = f"{'Item':<10}|{'Qty':>5}|{'Price':>9}|{'Total':>10}"
print(header)
print("-" * len(header))
total = 0
for item, qty, price in rows:
    total += qty * price
    print(f"{item:<10}|{qty:>5}|{price:>9.2f}|{qty * price:>10,.2f}")
print(f"{'Sum':<10}|{'':>5}|{'':>9}|{total:>10,.2f}")
round(total, 2)
