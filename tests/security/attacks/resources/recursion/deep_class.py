# Classes that inherit from each other.
# expect: limit.cpu_time

class A:
    pass


while True:

    class A(A):
        pass
