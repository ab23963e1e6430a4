# The text of an error that holds itself.
# expect: ?

class E(Exception):
    def __str__(self):
        return str(self)


raise E
