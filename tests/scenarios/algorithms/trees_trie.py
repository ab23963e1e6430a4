# A prefix tree with completion and wildcards.
class Trie:
    def __init__(self):
        self.root = {}

    def insert(self, word):
        node = self.root
        for ch in word:
            node = node.setdefault(ch, {})
        node["$"] = word

    def _walk(self, prefix):
        node = self.root
        for ch in prefix:
            node = node.get(ch)
            if node is None:
                return None
        return node

    def __contains__(self, word):
        node = self._walk(word)
        return node is not None and "$" in node

    def complete(self, prefix):
        def words(node):
            for ch in sorted(node):
                if ch == "$":
                    yield node[ch]
                else:
                    yield from words(node[ch])

        node = self._walk(prefix)
        return list(words(node)) if node is not None else []

    def match(self, pattern, node=None):
        node = self.root if node is None else node
        if not pattern:
            return "$" in node
        head, rest = pattern[0], pattern[1:]
        if head == ".":
            return any(self.match(rest, child) for ch, child in node.items() if ch != "$")
        return head in node and self.match(rest, node[head])


trie = Trie()
for word in "car card care cat dog do".split():
    trie.insert(word)
assert "car" in trie and "ca" not in trie
assert trie.complete("car") == ["car", "card", "care"] and trie.complete("x") == []
assert trie.match("c.t") and trie.match("..g") and not trie.match("c.")
