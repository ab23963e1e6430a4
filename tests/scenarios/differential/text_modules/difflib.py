import difflib

a = ["one", "two", "three", "four"]
b = ["one", "2", "three", "four", "five"]
print("\n".join(difflib.unified_diff(a, b, "old", "new", lineterm="")))
print("\n".join(difflib.context_diff(a, b, lineterm="")))
delta = list(difflib.ndiff(a, b))
print(delta, list(difflib.restore(delta, 1)) == a, list(difflib.Differ().compare(["x"], ["y"])))
print(difflib.get_close_matches("appel", ["ape", "apple", "peach"]), difflib.get_close_matches("zzz", ["a"]), difflib.get_close_matches("read", ["reads", "red", "road"], n=2, cutoff=0.5))
m = difflib.SequenceMatcher(None, "private Thread current", "private volatile Thread current")
print(round(m.ratio(), 4), round(m.quick_ratio(), 3), round(m.real_quick_ratio(), 3), m.get_opcodes(), m.find_longest_match(0, 5, 0, 5), m.get_matching_blocks()[-1])
print(list(difflib.diff_bytes(difflib.unified_diff, [b"a"], [b"b"], lineterm=b"")), difflib.IS_LINE_JUNK("  #  "), difflib.IS_CHARACTER_JUNK(" "))
"<table" in difflib.HtmlDiff().make_table(a, b)
