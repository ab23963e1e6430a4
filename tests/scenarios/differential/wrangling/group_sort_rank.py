scores = {"ann": [90, 85, 77], "bob": [60, 95], "cy": [88, 88, 88], "dee": []}
averages = {n: round(sum(s) / len(s), 2) if s else 0.0 for n, s in scores.items()}
ranked = sorted(averages.items(), key=lambda kv: (-kv[1], kv[0]))
ranks, previous, rank = {}, None, 0
for position, (name, average) in enumerate(ranked, 1):
    if average != previous:
        rank, previous = position, average
    ranks[name] = rank
buckets = {"high": [], "low": []}
for name, average in ranked:
    buckets["high" if average >= 80 else "low"].append(name)
for name, average in ranked:
    print(f"{ranks[name]}. {name:<5} {average:6.2f} {'*' * int(average // 10)}")
return {"ranks": ranks, "buckets": buckets}
