# Progress without end.
# expect: ?

while True:
    progress('x' * 1000)
