# Generator pile.
# expect: limit.memory | limit.cpu_time

x = []
while True:
    x.append(i for i in range(10))
