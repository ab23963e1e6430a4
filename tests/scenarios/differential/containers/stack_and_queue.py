class Stack:
    def __init__(self):
        self._items = []

    def push(self, item):
        self._items.append(item)

    def pop(self):
        if not self._items:
            raise IndexError("pop from empty stack")
        return self._items.pop()

    def peek(self):
        return self._items[-1] if self._items else None

    def __len__(self):
        return len(self._items)


s = Stack()
for ch in "abc":
    s.push(ch)
print(s.pop(), s.peek(), len(s))
s.pop()
s.pop()
try:
    s.pop()
except IndexError as error:
    print(error)
s.peek()
