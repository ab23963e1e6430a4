# Hostile equality.
# expect: limit.cpu_time

class A:
    def __hash__(self):
        return 1

    def __eq__(self, o):
        return sum(range(10**6)) < 0


x = {A(): i for i in range(10**4)}
