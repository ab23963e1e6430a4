# A length that lies.
# expect: limit.memory

class A:
    def __len__(self):
        return 10**18

    def __getitem__(self, i):
        return i


list(reversed(A()))
