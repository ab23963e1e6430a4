# python: >=3.12
songs = {"a b": ["x", "y"]}
print(f"{songs["a b"]} {", ".join(songs["a b"])}")
print(f"{f"{f"{1 + 1}"}"} {'\n'.join(["p", "q"])!r}")
f"{
    songs['a b'][0]  # a comment inside
}"
