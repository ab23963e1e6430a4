# Class pile.
# expect: limit.memory | limit.cpu_time

x = []
while True:

    class C:
        pass

    x.append(C)
