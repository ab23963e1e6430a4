# A loop that eats MemoryError.
# expect: ?

x = []
while True:
    try:
        x.append(bytearray(10**7))
    except MemoryError:
        pass
