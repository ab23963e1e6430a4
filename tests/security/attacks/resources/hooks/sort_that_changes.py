# Colliding hashes.
# expect: ?

class A:
    def __hash__(self):
        return 1


x = {A() for _ in range(10**6)}
