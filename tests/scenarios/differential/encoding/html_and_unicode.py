import html
import unicodedata as ud

print(html.escape('<a href="x">Tom & \'Jerry\'</a>'), html.escape('"', quote=False), html.unescape("&lt;p&gt; &amp;amp; &eacute; &#8364; &#x1F600;"))
for ch in "aÉ1²½ـ €ß\u0301":
    print(hex(ord(ch)), ud.category(ch), ud.name(ch, "?"), ud.bidirectional(ch), ud.combining(ch), ud.east_asian_width(ch), ud.mirrored(ch), ud.decimal(ch, None), ud.digit(ch, None), ud.numeric(ch, None))
s = "e\u0301cole ﬁn Å"
print([ascii(ud.normalize(form, s)) for form in ("NFC", "NFD", "NFKC", "NFKD")], ud.is_normalized("NFC", s), ud.lookup("SNOWMAN"), ud.decomposition("é"))
strip_accents = lambda t: "".join(c for c in ud.normalize("NFD", t) if ud.category(c) != "Mn")
slug = lambda t: "-".join("".join(c if c.isalnum() else " " for c in strip_accents(t).lower()).split())
try:
    ud.name("\x00")
except ValueError as error:
    print(error)
print(ud.unidata_version.count("."))
slug("Crème Brûlée & Café — Ünïcode!")
