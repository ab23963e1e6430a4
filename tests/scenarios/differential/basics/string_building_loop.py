width = 9
lines = []
for i in range(1, width + 1, 2):
    pad = (width - i) // 2
    lines.append(" " * pad + "*" * i + " " * pad)
lines += lines[-2::-1]
print("\n".join(lines))
len(lines)
