rows = []
for i in range(1, 6):
    rows.append(" ".join(f"{i * j:>3}" for j in range(1, 6)))
print("\n".join(rows))
len(rows)
