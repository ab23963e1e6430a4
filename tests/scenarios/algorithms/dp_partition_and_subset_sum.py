# Can a list be split into halves of equal sum; all subsets with a sum.
def can_partition(values):
    total = sum(values)
    if total % 2:
        return False
    reachable = 1
    for v in values:
        reachable |= reachable << v
    return bool(reachable >> total // 2 & 1)


def subsets_with_sum(values, target):
    values, out = sorted(values), []

    def search(start, left, chosen):
        if left == 0:
            out.append(list(chosen))
            return
        for i in range(start, len(values)):
            if values[i] > left:
                break
            if i > start and values[i] == values[i - 1]:
                continue
            chosen.append(values[i])
            search(i + 1, left - values[i], chosen)
            chosen.pop()

    search(0, target, [])
    return out


assert can_partition([1, 5, 11, 5]) and not can_partition([1, 2, 3, 5])
assert subsets_with_sum([10, 1, 2, 7, 6, 1, 5], 8) == [[1, 1, 6], [1, 2, 5], [1, 7], [2, 6]]
