data = {"users": [{"name": "Ann", "tags": ["x", "y"], "address": {"city": "Oslo"}}, {"name": "Bob", "tags": []}]}
cities = [u.get("address", {}).get("city", "unknown") for u in data["users"]]
tags = {tag for u in data["users"] for tag in u["tags"]}
data["users"][1].setdefault("address", {})["city"] = "Rome"
data["users"][0]["tags"][0] += "!"


def dig(obj, path, default=None):
    for part in path.split("."):
        try:
            obj = obj[int(part)] if isinstance(obj, list) else obj[part]
        except (KeyError, IndexError, ValueError):
            return default
    return obj


print(cities, sorted(tags), dig(data, "users.1.address.city"), dig(data, "users.7.name", "?"))
return data
