# The text of an error that holds itself.
# expect: limit.recursion

class E(Exception):
    def __str__(self):
        return str(self)


print(E())
