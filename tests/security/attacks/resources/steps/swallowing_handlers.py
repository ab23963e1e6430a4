# Swallowing handlers.
# expect: ?

while True:
    try:
        while True:
            pass
    except BaseException:
        continue
