# Trees from lists and back; sums of paths; mirror; diameter.
class Node:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

    def __eq__(self, other):
        return isinstance(other, Node) and (self.value, self.left, self.right) == (other.value, other.left, other.right)


def build(values):
    it = iter(values)

    def make():
        value = next(it)
        return None if value is None else Node(value, make(), make())

    return make()


def serialize(node):
    return [None] if node is None else [node.value, *serialize(node.left), *serialize(node.right)]


def path_sums(node, total=0):
    if node is None:
        return []
    total += node.value
    if node.left is node.right is None:
        return [total]
    return path_sums(node.left, total) + path_sums(node.right, total)


def diameter(root):
    best = 0

    def depth(node):
        nonlocal best
        if node is None:
            return 0
        left, right = depth(node.left), depth(node.right)
        best = max(best, left + right)
        return 1 + max(left, right)

    depth(root)
    return best


def mirror(node):
    return node and Node(node.value, mirror(node.right), mirror(node.left))


values = [5, 4, 11, 7, None, None, 2, None, None, None, 8, 13, None, None, 4, None, 1, None, None]
tree = build(values)
assert serialize(tree) == values
assert path_sums(tree) == [27, 22, 26, 18]
assert diameter(tree) == 6
assert mirror(mirror(tree)) == tree != mirror(tree)
