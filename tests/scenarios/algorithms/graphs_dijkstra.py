# Cheapest paths from one node; and with negative edges.
import heapq
import math


def dijkstra(graph, source):
    distance, queue = {source: 0}, [(0, source)]
    while queue:
        d, node = heapq.heappop(queue)
        if d > distance[node]:
            continue
        for neighbour, weight in graph.get(node, {}).items():
            if d + weight < distance.get(neighbour, math.inf):
                distance[neighbour] = d + weight
                heapq.heappush(queue, (d + weight, neighbour))
    return distance


def bellman_ford(edges, nodes, source):
    distance = dict.fromkeys(nodes, math.inf)
    distance[source] = 0
    for _ in range(len(nodes) - 1):
        for a, b, w in edges:
            distance[b] = min(distance[b], distance[a] + w)
    if any(distance[a] + w < distance[b] for a, b, w in edges):
        raise ValueError("negative cycle")
    return distance


graph = {"a": {"b": 7, "c": 9, "f": 14}, "b": {"c": 10, "d": 15}, "c": {"d": 11, "f": 2}, "d": {"e": 6}, "f": {"e": 9}}
assert dijkstra(graph, "a") == {"a": 0, "b": 7, "c": 9, "d": 20, "f": 11, "e": 20}
assert bellman_ford([("x", "y", 4), ("x", "z", 5), ("z", "y", -3)], "xyz", "x") == {"x": 0, "y": 2, "z": 5}
try:
    bellman_ford([("x", "y", 1), ("y", "x", -2)], "xy", "x")
except ValueError as error:
    assert str(error) == "negative cycle"
else:
    raise AssertionError("the cycle went unnoticed")
