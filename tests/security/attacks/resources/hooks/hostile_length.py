# Hostile length.
# expect: ?

class A:
    def __len__(self):
        return sum(range(10**12))


len(A())
