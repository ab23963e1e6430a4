# Disjoint sets and the minimum spanning tree.
class DisjointSets:
    def __init__(self, items):
        self.parent = {i: i for i in items}
        self.size = dict.fromkeys(self.parent, 1)
        self.count = len(self.parent)

    def find(self, item):
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def union(self, a, b):
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        if self.size[a] < self.size[b]:
            a, b = b, a
        self.parent[b] = a
        self.size[a] += self.size[b]
        self.count -= 1
        return True


def spanning_tree(nodes, edges):
    sets = DisjointSets(nodes)
    return [(a, b, w) for a, b, w in sorted(edges, key=lambda e: e[2]) if sets.union(a, b)]


edges = [("a", "b", 7), ("a", "d", 5), ("b", "c", 8), ("b", "d", 9), ("b", "e", 7), ("c", "e", 5), ("d", "e", 15), ("d", "f", 6), ("e", "f", 8), ("e", "g", 9), ("f", "g", 11)]
tree = spanning_tree("abcdefg", edges)
assert sum(w for *_, w in tree) == 39 and len(tree) == 6
sets = DisjointSets(range(5))
sets.union(0, 1), sets.union(3, 4)
assert sets.count == 3 and sets.find(3) == sets.find(4) != sets.find(0)
