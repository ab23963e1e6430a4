import copy

original = {"list": [1, [2, 3]], "t": ([4],)}
shallow, deep = copy.copy(original), copy.deepcopy(original)
original["list"][1].append(99)
original["new"] = True
print(shallow, deep)


class Node:
    def __init__(self, value, children=None):
        self.value, self.children, self.parent = value, children or [], None
        for child in self.children:
            child.parent = self


class Counted:
    def __init__(self, n):
        self.n = n

    def __copy__(self):
        return Counted(self.n + 1)

    def __deepcopy__(self, memo):
        return Counted(self.n + 100)


tree = Node("root", [Node("leaf")])
clone = copy.deepcopy(tree)
clone.children[0].value = "changed"
print(tree.children[0].value, clone.children[0].parent is clone, copy.copy(tree).children is tree.children)
print(copy.copy(Counted(1)).n, copy.deepcopy([Counted(1)])[0].n, copy.copy((1, 2)), copy.deepcopy({1, 2}), issubclass(copy.Error, Exception))
loop = [1]
loop.append(loop)
c = copy.deepcopy(loop)
c[1] is c, c is not loop
