# Errors that hold each other.
# expect: ?

kept = None
while True:
    try:
        raise ValueError(bytearray(10**5)) from kept
    except ValueError as e:
        kept = e
