# A hook __index__ that never ends.
# expect: limit.steps

class A:
    def __index__(self):
        while True:
            pass


[1][A()]
