log = []


def ask(value):
    log.append(value)
    return value


n = 3
while ask(n):
    n -= 1
    if n == 1:
        continue
else:
    log.append("else")
while ask(n) < 5:
    n += 1
    while True:
        if n % 2:
            break
        n += 1
    else:
        log.append("unreachable")
    if n > 3:
        break
else:
    log.append("no else")


def search(limit):
    i = 0
    while i < limit:
        try:
            if i == 2:
                return f"found at {i}"
            i += 1
            continue
        finally:
            log.append(("finally", i))
    else:
        return "not found"


class Body:
    i = 0
    values = []
    while i < 3:
        values.append(i)
        i += 1
    else:
        done = True
    for k in range(2):
        last = k


print(search(5), search(1), Body.values, Body.i, Body.done, Body.last)
log
