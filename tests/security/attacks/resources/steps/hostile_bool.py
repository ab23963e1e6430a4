# Hostile bool.
# expect: limit.steps

class A:
    def __bool__(self):
        while True:
            pass


if A():
    pass
