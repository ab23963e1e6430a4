# Course order, connected components, strongly connected components.
from collections import defaultdict, deque


def course_order(n, requirements):
    after, waiting = defaultdict(list), [0] * n
    for course, needed in requirements:
        after[needed].append(course)
        waiting[course] += 1
    ready, order = deque(i for i in range(n) if not waiting[i]), []
    while ready:
        course = ready.popleft()
        order.append(course)
        for following in after[course]:
            waiting[following] -= 1
            if waiting[following] == 0:
                ready.append(following)
    return order if len(order) == n else []


def tarjan(graph):
    index, low, stack, on_stack, out = {}, {}, [], set(), []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        on_stack.add(node)
        for other in graph.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in on_stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            component = []
            while True:
                member = stack.pop()
                on_stack.discard(member)
                component.append(member)
                if member == node:
                    break
            out.append(sorted(component))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return out


assert course_order(4, [(1, 0), (2, 0), (3, 1), (3, 2)]) == [0, 1, 2, 3]
assert course_order(2, [(0, 1), (1, 0)]) == []
assert sorted(tarjan({1: [2], 2: [3], 3: [1], 4: [3, 5], 5: [4]})) == [[1, 2, 3], [4, 5]]
