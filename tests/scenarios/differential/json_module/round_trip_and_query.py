import json

text = """
{"store": {"books": [
  {"title": "Dune", "price": 9.5, "tags": ["sf", "classic"]},
  {"title": "Emma", "price": 7, "tags": []},
  {"title": "Ulysses", "price": 15.25, "tags": ["classic"]}
], "open": true}}
"""
store = json.loads(text)["store"]
cheap = [b["title"] for b in store["books"] if b["price"] < 10]
by_tag = {}
for book in store["books"]:
    for tag in book["tags"] or ["untagged"]:
        by_tag.setdefault(tag, []).append(book["title"])
total = sum(b["price"] for b in store["books"])
assert json.loads(json.dumps(store)) == store
print(json.dumps(by_tag, sort_keys=True))
return {"cheap": cheap, "total": total, "by_tag": by_tag, "open": store["open"]}
