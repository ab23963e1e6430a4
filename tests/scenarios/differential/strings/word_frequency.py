text = """The quick brown fox jumps over the lazy dog. The dog barks; the fox
runs away. Quick, quick, said the fox!"""
counts = {}
for word in text.lower().split():
    word = word.strip(".,;!?")
    counts[word] = counts.get(word, 0) + 1
top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:4]
for word, n in top:
    print(f"{word:<8}{n:>3} {'#' * n}")
dict(top)
