users = [(1, "ann"), (2, "bob"), (3, "cy")]
logins = [(1, "2024-01-01"), (3, "2024-01-02"), (1, "2024-01-05"), (9, "2024-01-06")]
names = dict(users)
inner = [(names[u], day) for u, day in logins if u in names]
left = [(name, [d for u, d in logins if u == uid]) for uid, name in users]
orphans = sorted({u for u, _ in logins} - names.keys())
latest = {}
for u, day in logins:
    if u in names and day > latest.get(names[u], ""):
        latest[names[u]] = day
return {"inner": inner, "left": left, "orphans": orphans, "latest": latest}
