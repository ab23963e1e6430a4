import statistics

values = [12, 15, 14, 10, 18, 95, 13, 11, 14, 16, 12, 13]
q1, q2, q3 = statistics.quantiles(values, n=4)
spread = q3 - q1
outliers = [v for v in values if not q1 - 1.5 * spread <= v <= q3 + 1.5 * spread]
kept = [v for v in values if v not in outliers]
bins = {}
for v in kept:
    low = v // 3 * 3
    bins[f"{low}-{low + 2}"] = bins.get(f"{low}-{low + 2}", 0) + 1
for label in sorted(bins, key=lambda s: int(s.split("-")[0])):
    print(f"{label:>6} | {'#' * bins[label]}")
z = [(v, round((v - statistics.mean(values)) / statistics.pstdev(values), 3)) for v in values[:3]]
return {"outliers": outliers, "quartiles": [q1, q2, q3], "z": z, "mean": statistics.mean(kept)}
