def walk(tree):
    if isinstance(tree, (list, tuple)):
        for branch in tree:
            yield from walk(branch)
    else:
        yield tree


def chain(*iterables):
    for it in iterables:
        count = 0
        for item in it:
            count += 1
            yield item
        print("had", count)


print(list(walk([1, [2, [3, (4, 5)]], []])))
list(chain("ab", range(3), (c for c in "z")))
