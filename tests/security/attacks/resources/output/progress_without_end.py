# Progress without end.
# expect: limit.steps | limit.cpu_time

while True:
    progress('x' * 1000)
