# Infinite loop.
# expect: limit.steps

while True:
    pass
