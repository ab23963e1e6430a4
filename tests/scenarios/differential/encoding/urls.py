from urllib.parse import (
    parse_qs, parse_qsl, quote, quote_from_bytes, quote_plus, unquote, unquote_plus, unquote_to_bytes, urldefrag, urlencode, urljoin,
    urlparse, urlsplit, urlunparse, urlunsplit,
)

u = urlparse("https://user:pw@example.com:8443/a/b;p=1?x=1&y=2&x=3#frag")
print(u, u.hostname, u.port, u.username, u.scheme, u.netloc, u.path, u.params, u.query, u.fragment, u.geturl())
print(parse_qs(u.query), parse_qsl("a=1&b=&c", keep_blank_values=True), urlencode({"q": "a b&c", "n": 1}), urlencode({"k": [1, 2]}, doseq=True))
print(quote("a b/ü?"), quote("a/b", safe=""), quote_plus("a b&c"), unquote("a%20b%C3%BC"), unquote_plus("a+b%26c"), quote_from_bytes(b"\xff a"), unquote_to_bytes("%ff"))
print(urljoin("https://x.org/a/b", "../c"), urljoin("https://x.org/a/", "d?e"), urljoin("https://x.org", "//y.net/z"), urldefrag("http://a/b#c"))
s = urlsplit("//host/path?q")
print(s, urlunsplit(s), urlunparse(u._replace(netloc="other.net", fragment="")), u._replace(query="").geturl())
return {"parts": list(u), "host": u.hostname}
