from collections import defaultdict

rows = [("north", "q1", 10), ("north", "q2", 20), ("south", "q1", 5), ("south", "q3", 7), ("north", "q1", 1)]
pivot = defaultdict(lambda: defaultdict(int))
for region, quarter, amount in rows:
    pivot[region][quarter] += amount
quarters = sorted({q for _, q, _ in rows})
print("region".ljust(8) + "".join(q.rjust(6) for q in quarters) + "total".rjust(7))
for region in sorted(pivot):
    values = [pivot[region].get(q, 0) for q in quarters]
    print(region.ljust(8) + "".join(str(v).rjust(6) for v in values) + str(sum(values)).rjust(7))
{r: dict(v) for r, v in pivot.items()}
