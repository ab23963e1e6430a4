# Colliding hashes.
# expect: limit.cpu_time

class A:
    def __hash__(self):
        return 1


x = {A() for _ in range(10**6)}
