# Errors that hold each other.
# expect: limit.memory

kept = None
while True:
    try:
        raise ValueError(bytearray(10**5)) from kept
    except ValueError as e:
        kept = e
