# A line of fifty megabytes, again and again.
# expect: limit.memory

while True:
    print('x' * 50_000_000)
