# A length hint that lies.
# expect: ?

class A:
    def __iter__(self):
        return iter(())

    def __length_hint__(self):
        return 10**12


list(A())
