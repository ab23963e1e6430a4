# A number out of a hundred million bytes.
# expect: limit.memory

x = int.from_bytes(b'x' * 10**7)
while True:
    x = x * x
