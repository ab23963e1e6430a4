class Node:
    def __init__(self):
        self.items, self.count, self.child = [], 0, None


def make(log, node):
    log.append("made")
    return node


def update(node):
    log = []
    make(log, node).count += 1
    make(log, node).items += [node.count]

    def inner():
        make(log, node).count += 10
        make(log, node).child = Node()
        make(log, node).child.count = 5

    inner()
    fs = [lambda k=k: setattr(make(log, node), f"slot{k}", k) for k in range(2)]
    for g in fs:
        g()
    del make(log, node).slot0
    return log


node = Node()
log = update(node)
generator = (setattr(node, "count", node.count + k) for k in range(3))
list(generator)


class Holder:
    shared = node
    shared.count += 100
    for shared.count in (1, 2):
        pass
    make([], shared).items = ["class body"]


[node.count, node.items, node.child.count, node.slot1, hasattr(node, "slot0"), len(log)]
