data = list(range(1, 11))
chunks = [data[i:i + 3] for i in range(0, len(data), 3)]
windows = [tuple(data[i:i + 4]) for i in range(len(data) - 3)]
pairs = list(zip(data, data[1:]))
diagonal = [[1 if r == c else 0 for c in range(3)] for r in range(3)]
averages = [sum(w) / len(w) for w in windows]
return {"chunks": chunks, "averages": averages, "pairs": pairs[:2], "identity": diagonal}
