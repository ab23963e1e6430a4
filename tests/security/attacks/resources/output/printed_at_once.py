# A line of fifty megabytes, again and again.
# expect: ?

while True:
    print('x' * 50_000_000)
