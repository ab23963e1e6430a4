# Hostile length.
# expect: limit.cpu_time

class A:
    def __len__(self):
        return sum(range(10**12))


len(A())
