orders = [
    {"id": 1, "customer": "ann", "items": [{"sku": "pen", "qty": 3, "price": 1.5}, {"sku": "ink", "qty": 1, "price": 7.25}], "status": "paid"},
    {"id": 2, "customer": "bob", "items": [{"sku": "pen", "qty": 10, "price": 1.4}], "status": "open"},
    {"id": 3, "customer": "ann", "items": [], "status": "cancelled"},
    {"id": 4, "customer": "cy", "items": [{"sku": "pad", "qty": 2, "price": 3.99}], "status": "paid"},
]


def total(order):
    return sum(i["qty"] * i["price"] for i in order["items"])


report = {}
for order in orders:
    if order["status"] == "cancelled":
        continue
    row = report.setdefault(order["customer"], {"orders": 0, "total": 0.0, "skus": set()})
    row["orders"] += 1
    row["total"] += total(order)
    row["skus"] |= {i["sku"] for i in order["items"]}
best = max(report, key=lambda c: report[c]["total"])
print(f"best customer: {best} with {report[best]['total']:.2f}")
return {c: {**r, "total": round(r["total"], 2), "skus": sorted(r["skus"])} for c, r in sorted(report.items())}
