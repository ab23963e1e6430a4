words = ["apple", "bob", "civic", "dog", "eve"]
lengths = {w: len(w) for w in words}
palindromes = [w for w in words if w == w[::-1]]
firsts = {w[0] for w in words}
by_length = {n: [w for w in words if len(w) == n] for n in sorted(set(lengths.values()))}
inverted = {v: k for k, v in lengths.items()}
print(palindromes, sorted(firsts))
return {"lengths": lengths, "by_length": by_length, "inverted": inverted}
