# Hostile hash.
# expect: limit.cpu_time

class A:
    def __hash__(self):
        return sum(range(10**12))


{A(): 1}
