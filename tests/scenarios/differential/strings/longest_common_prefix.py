def common_prefix(words):
    if not words:
        return ""
    shortest = min(words, key=len)
    for i, ch in enumerate(shortest):
        for other in words:
            if other[i] != ch:
                return shortest[:i]
    return shortest


[common_prefix(["flower", "flow", "flight"]), common_prefix(["dog", "car"]), common_prefix([]), common_prefix(["same", "same"])]
