# Classes that inherit from each other.
# expect: ?

class A:
    pass


while True:

    class A(A):
        pass
