# Convex hull, area, point in polygon, crossing segments, closest pair.
from itertools import combinations
from math import dist, inf


def cross(o, a, b):
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def hull(points):
    points = sorted(set(points))

    def half(points):
        out = []
        for p in points:
            while len(out) >= 2 and cross(out[-2], out[-1], p) <= 0:
                out.pop()
            out.append(p)
        return out[:-1]

    return half(points) + half(points[::-1])


def area(polygon):
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]))) / 2


def inside(polygon, x, y):
    hit = False
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            hit = not hit
    return hit


def closest(points):
    points = sorted(points)

    def solve(ps):
        if len(ps) <= 3:
            return min((dist(a, b) for a, b in combinations(ps, 2)), default=inf)
        middle = len(ps) // 2
        d = min(solve(ps[:middle]), solve(ps[middle:]))
        strip = sorted((p for p in ps if abs(p[0] - ps[middle][0]) < d), key=lambda p: p[1])
        for i, a in enumerate(strip):
            for b in strip[i + 1:i + 8]:
                d = min(d, dist(a, b))
        return d

    return solve(points)


square = [(0, 0), (4, 0), (4, 4), (0, 4)]
assert hull([*square, (2, 2), (1, 3), (4, 2)]) == square
assert area(square) == 16 and inside(square, 2, 2) and not inside(square, 5, 2)
points = [((i * 37) % 101, (i * 53) % 97) for i in range(60)]
assert closest(points) == min(dist(a, b) for a, b in combinations(points, 2))
