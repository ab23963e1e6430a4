import re

EMAIL = re.compile(r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$")
text = "Call +1 (555) 010-9999 or 555.010.1234; visit https://example.com/a?b=1 and http://test.org #python #AI, cost $1,299.50 or €20"
phones = ["".join(re.findall(r"\d", p)) for p in re.findall(r"\+?[\d(][\d\s().-]{8,}\d", text)]
urls = re.findall(r"https?://[^\s,]+", text)
tags = [t.lower() for t in re.findall(r"#(\w+)", text)]
money = [(c, float(v.replace(",", ""))) for c, v in re.findall(r"([$€])([\d,]+(?:\.\d+)?)", text)]
valid = {e: bool(EMAIL.match(e)) for e in ("a@b.co", "bad@", "x.y+z@q-r.org", "@no.com")}
password = lambda p: all(re.search(rule, p) for rule in (r".{8,}", r"[a-z]", r"[A-Z]", r"\d", r"[^\w\s]"))
ip = lambda s: bool(re.fullmatch(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}", s))
print(phones, urls, tags, money, valid)
[password("Abcdef1!"), password("short"), ip("192.168.1.255"), ip("256.1.1.1")]
