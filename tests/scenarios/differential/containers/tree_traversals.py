class Tree:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

    def insert(self, value):
        side = "left" if value < self.value else "right"
        child = getattr(self, side)
        if child is None:
            setattr(self, side, Tree(value))
        else:
            child.insert(value)

    def inorder(self):
        if self.left:
            yield from self.left.inorder()
        yield self.value
        if self.right:
            yield from self.right.inorder()

    def depth(self):
        return 1 + max((child.depth() for child in (self.left, self.right) if child), default=0)


root = Tree(8)
for v in [3, 10, 1, 6, 14, 4, 7, 13]:
    root.insert(v)
levels, queue = [], [root]
while queue:
    levels.append([n.value for n in queue])
    queue = [c for n in queue for c in (n.left, n.right) if c]
print(list(root.inorder()), root.depth())
levels
