old = [{"id": 1, "v": "a"}, {"id": 2, "v": "b"}, {"id": 3, "v": "c"}]
new = [{"id": 2, "v": "B"}, {"id": 3, "v": "c"}, {"id": 4, "v": "d"}]
by_old, by_new = ({r["id"]: r for r in rows} for rows in (old, new))
diff = {
    "added": [by_new[i] for i in sorted(by_new.keys() - by_old.keys())],
    "removed": [by_old[i] for i in sorted(by_old.keys() - by_new.keys())],
    "changed": [{"id": i, "from": by_old[i]["v"], "to": by_new[i]["v"]} for i in sorted(by_old.keys() & by_new.keys()) if by_old[i] != by_new[i]],
}
seen = set()
unique = [x for x in ["b", "a", "b", "c", "a"] if not (x in seen or seen.add(x))]
print(unique, list(dict.fromkeys("mississippi")))
return diff
