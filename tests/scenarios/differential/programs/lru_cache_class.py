class Node:
    __slots__ = ("key", "value", "prev", "next")

    def __init__(self, key=None, value=None):
        self.key, self.value, self.prev, self.next = key, value, None, None


class LRUCache:
    def __init__(self, capacity):
        self.capacity, self.table = capacity, {}
        self.head, self.tail = Node(), Node()
        self.head.next, self.tail.prev = self.tail, self.head

    def _unlink(self, node):
        node.prev.next, node.next.prev = node.next, node.prev

    def _push(self, node):
        node.prev, node.next = self.tail.prev, self.tail
        self.tail.prev.next = node
        self.tail.prev = node

    def get(self, key):
        if key not in self.table:
            return -1
        node = self.table[key]
        self._unlink(node)
        self._push(node)
        return node.value

    def put(self, key, value):
        if key in self.table:
            self._unlink(self.table.pop(key))
        elif len(self.table) == self.capacity:
            oldest = self.head.next
            self._unlink(oldest)
            del self.table[oldest.key]
        self.table[key] = Node(key, value)
        self._push(self.table[key])


cache = LRUCache(2)
out = []
for op, *args in [("put", 1, 1), ("put", 2, 2), ("get", 1), ("put", 3, 3), ("get", 2), ("put", 4, 4), ("get", 1), ("get", 3), ("get", 4)]:
    out.append(getattr(cache, op)(*args))
out
