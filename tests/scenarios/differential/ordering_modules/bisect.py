import bisect

scores = [33, 60, 70, 70, 85, 99]
print(bisect.bisect(scores, 70), bisect.bisect_left(scores, 70), bisect.bisect_right(scores, 70), bisect.bisect_left(scores, 0), bisect.bisect(scores, 100))
bisect.insort(scores, 65)
bisect.insort_left(scores, 70)
bisect.insort_right(scores, 71)
print(scores, bisect.bisect_left([(1, "a"), (3, "b")], 3, key=lambda p: p[0]))
grade = lambda score: "FDCBA"[bisect.bisect([60, 70, 80, 90], score)]


def index(a, x):
    i = bisect.bisect_left(a, x)
    return i if i != len(a) and a[i] == x else -1


return [grade(s) for s in (33, 60, 77, 89, 90, 100)], index(scores, 85), index(scores, 84)
