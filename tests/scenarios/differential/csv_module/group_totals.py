import csv
from collections import defaultdict
from io import StringIO

data = """date,region,product,units,price
2024-01-05,north,pen,10,1.50
2024-01-06,south,pen,4,1.50
2024-01-06,north,ink,2,7.25
2024-02-01,south,ink,1,7.25
2024-02-03,north,pen,bad,1.50
"""
totals, months, skipped = defaultdict(float), defaultdict(int), []
for number, row in enumerate(csv.DictReader(StringIO(data)), start=2):
    try:
        units = int(row["units"])
    except ValueError:
        skipped.append(number)
        continue
    totals[row["region"]] += units * float(row["price"])
    months[row["date"][:7]] += units
for region, total in sorted(totals.items(), key=lambda kv: -kv[1]):
    print(f"{region:<8}{total:>8.2f}")
return {"totals": totals, "months": months, "skipped": skipped}
