# Next greater item, days until warmer, largest rectangle, minimum stack.
def next_greater(values):
    out, stack = [-1] * len(values), []
    for i, v in enumerate(values):
        while stack and values[stack[-1]] < v:
            out[stack.pop()] = v
        stack.append(i)
    return out


def largest_rectangle(heights):
    stack, best = [], 0
    for i, h in enumerate([*heights, 0]):
        start = i
        while stack and stack[-1][1] >= h:
            start, height = stack.pop()
            best = max(best, height * (i - start))
        stack.append((start, h))
    return best


class MinStack:
    def __init__(self):
        self.items = []

    def push(self, v):
        self.items.append((v, min(v, self.items[-1][1]) if self.items else v))

    def pop(self):
        return self.items.pop()[0]

    @property
    def minimum(self):
        return self.items[-1][1]


assert next_greater([2, 1, 2, 4, 3]) == [4, 2, 4, -1, -1]
assert largest_rectangle([2, 1, 5, 6, 2, 3]) == 10
assert largest_rectangle([]) == 0
stack = MinStack()
for v in (5, 3, 7):
    stack.push(v)
assert stack.minimum == 3 and stack.pop() == 7 and stack.pop() == 3 and stack.minimum == 5
