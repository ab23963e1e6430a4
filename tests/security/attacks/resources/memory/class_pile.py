# Class pile.
# expect: ?

x = []
while True:

    class C:
        pass

    x.append(C)
