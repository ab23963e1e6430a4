# A length hint that lies.
# expect: limit.memory

class A:
    def __iter__(self):
        return iter(())

    def __length_hint__(self):
        return 10**12


list(A())
