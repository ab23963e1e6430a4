n = 0
print("counting")
while True:
    n += 1
