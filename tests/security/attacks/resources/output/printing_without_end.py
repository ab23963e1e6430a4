# Printing without end.
# expect: limit.cpu_time

while True:
    print('x' * 1000)
