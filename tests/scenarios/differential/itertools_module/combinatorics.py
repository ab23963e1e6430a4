from itertools import combinations, combinations_with_replacement, permutations, product

print(list(permutations("abc", 2)), len(list(permutations(range(5)))))
print(list(combinations([1, 2, 3, 4], 2)), list(combinations_with_replacement("ab", 2)))
print(list(product([0, 1], repeat=2)), list(product("ab", [1, 2])), list(product()))
triples = [t for t in combinations(range(1, 20), 3) if t[0] ** 2 + t[1] ** 2 == t[2] ** 2]
powerset = [c for r in range(4) for c in combinations("xyz", r)]
return triples, powerset
