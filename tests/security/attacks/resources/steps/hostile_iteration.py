# Hostile iteration.
# expect: limit.steps

class A:
    def __iter__(self):
        return self

    def __next__(self):
        return 1


list(A())
