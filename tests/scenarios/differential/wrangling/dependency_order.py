graph = {"app": ["db", "web"], "web": ["http", "templates"], "db": ["config"], "http": [], "templates": ["config"], "config": []}


def order(graph):
    done, visiting, result = set(), [], []

    def visit(node):
        if node in done:
            return
        if node in visiting:
            raise ValueError("cycle: " + " -> ".join([*visiting[visiting.index(node):], node]))
        visiting.append(node)
        for dependency in sorted(graph.get(node, [])):
            visit(dependency)
        visiting.pop()
        done.add(node)
        result.append(node)

    for node in sorted(graph):
        visit(node)
    return result


print(order(graph))
try:
    order({**graph, "config": ["app"]})
except ValueError as error:
    print(error)
levels = {}
for name in order(graph):
    levels[name] = 1 + max((levels[d] for d in graph[name]), default=0)
return levels
