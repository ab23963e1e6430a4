# Hostile str in print.
# expect: limit.memory

class A:
    def __str__(self):
        return 'x' * 10**10


print(A())
