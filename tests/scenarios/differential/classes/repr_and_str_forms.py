class A:
    def __repr__(self):
        return "A()"


class B(A):
    def __str__(self):
        return "b!"


print(A(), B(), [A(), B()], str(B()), repr(B()), f"{B()} {B()!r}", {"k": B()}, (A(),))
print(str([B()]), "%s %r" % (B(), B()), "{} {!r}".format(B(), B()))


class Node:
    def __init__(self, children=()):
        self.children = list(children)

    def __repr__(self):
        return f"Node({self.children!r})"


Node([Node(), Node([Node()])])
cycle = [1]
cycle.append(cycle)
table = {"self": None}
table["self"] = table
str(cycle) + str(table)
