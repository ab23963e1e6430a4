# Insert, delete, validate, lowest common ancestor, kth smallest.
from typing import Iterator, Optional


class TreeNode:
    def __init__(self, val: int = 0, left: "Optional[TreeNode]" = None, right: "Optional[TreeNode]" = None):
        self.val = val
        self.left = left
        self.right = right


def insert(root: Optional[TreeNode], val: int) -> TreeNode:
    if root is None:
        return TreeNode(val)
    if val < root.val:
        root.left = insert(root.left, val)
    else:
        root.right = insert(root.right, val)
    return root


def delete(root: Optional[TreeNode], val: int) -> Optional[TreeNode]:
    if root is None:
        return None
    if val < root.val:
        root.left = delete(root.left, val)
    elif val > root.val:
        root.right = delete(root.right, val)
    else:
        if root.left is None:
            return root.right
        if root.right is None:
            return root.left
        heir = root.right
        while heir.left:
            heir = heir.left
        root.val = heir.val
        root.right = delete(root.right, heir.val)
    return root


def inorder(root: Optional[TreeNode]) -> Iterator[int]:
    if root:
        yield from inorder(root.left)
        yield root.val
        yield from inorder(root.right)


def is_valid(root, low=float("-inf"), high=float("inf")):
    return root is None or (low < root.val < high and is_valid(root.left, low, root.val) and is_valid(root.right, root.val, high))


def common_ancestor(root, a, b):
    while not min(a, b) <= root.val <= max(a, b):
        root = root.left if a < root.val else root.right
    return root.val


root = None
for v in [50, 30, 70, 20, 40, 60, 80]:
    root = insert(root, v)
assert list(inorder(root)) == [20, 30, 40, 50, 60, 70, 80] and is_valid(root)
assert common_ancestor(root, 20, 40) == 30 and common_ancestor(root, 20, 80) == 50
for v in (20, 30, 50):
    root = delete(root, v)
assert list(inorder(root)) == [40, 60, 70, 80] and root.val == 60
root.left.val = 99
assert not is_valid(root)
