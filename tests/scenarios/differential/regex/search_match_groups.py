import re

m = re.search(r"(?P<user>[\w.]+)@(?P<host>[\w.]+)\.(\w+)", "mail ann.b@example.co.uk now")
print(m.group(), m.group(1), m.group("host"), m.group(1, 3), m.groups(), m.groupdict(), m.start(), m.end("user"), m.span(2))
print(m["user"], m[0], m.lastgroup, m.lastindex, m.string[:4], m.pos, bool(m), m.expand(r"\g<host>:\1"))
print(re.match(r"\d+", "abc"), re.match(r"\d+", "12ab").group(), re.fullmatch(r"\d+", "12ab"), re.fullmatch(r"\d+", "12").span())
print(re.findall(r"\d+", "a1 b22 c333"), re.findall(r"(\w)(\d)", "a1 b2"), [m.span() for m in re.finditer("ab", "abcabab")])
print(re.search(r"(a)|(b)", "b").groups(), re.search(r"(a)|(b)", "b").groups("-"), re.search("x", "abc"))
pattern = re.compile(r"^(\w+)\s*=\s*(.*)$", re.MULTILINE | re.IGNORECASE)
print(pattern.findall("A = 1\nb=two words\n#c"), pattern.groups, pattern.pattern, bool(pattern.flags & re.I), pattern.groupindex)
pattern.match("k = v").groups()
