counter = 0
log = []


def bump(by=1):
    global counter
    counter += by
    log.append(counter)


def reset():
    global counter, created
    counter = 0
    created = "made inside"


bump()
bump(5)
reset()
bump(2)
return {"counter": counter, "log": log, "created": created}
