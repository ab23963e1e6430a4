# The repr of much.
# expect: limit.memory

repr(b'\0' * 10**8)
