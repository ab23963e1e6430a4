samples = ["\a\b\f\v", "\x41\101\u00e9\U0001F600", "\N{GREEK SMALL LETTER ALPHA}", '\'"', "a\
b", r"\d+\n", "tab\t|"]
for s in samples:
    print(repr(s), len(s))
ascii("naïve 日本")
