def averager():
    total, count, average = 0, 0, None
    while True:
        value = yield average
        if value is None:
            break
        total += value
        count += 1
        average = total / count
    return {"count": count, "average": average}


g = averager()
print(next(g), g.send(10), g.send(20), g.send(5))
try:
    g.send(None)
except StopIteration as stop:
    print(stop.value)


def delegate(results):
    result = yield from averager()
    results.append(result)


results = []
d = delegate(results)
next(d)
for v in (1, 2, 3):
    d.send(v)
try:
    next(d)
except StopIteration:
    pass
return results
