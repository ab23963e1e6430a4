import re

re.purge()
pattern = re.compile(b"caf\xe9", re.LOCALE)
print(bool(pattern.search(b"caf\xe9")), re.L == re.LOCALE, re.U == re.UNICODE, re.findall(r"\w", "é", re.U))
re.compile("a|b").fullmatch("b").span()
