# The repr of much.
# expect: ?

repr(b'\0' * 10**8)
