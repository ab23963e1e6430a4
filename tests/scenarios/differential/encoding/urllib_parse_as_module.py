import urllib.parse
from urllib import parse
import urllib.parse as up

url = urllib.parse.urljoin("https://api.test/v1/", "users") + "?" + urllib.parse.urlencode([("page", 2), ("q", "é")])
split = parse.urlsplit(url)
rebuilt = split._replace(query=up.urlencode({**dict(up.parse_qsl(split.query)), "page": 3}))
print(url, isinstance(split, up.SplitResult), isinstance(up.urlparse(url), up.ParseResult), isinstance(up.urldefrag(url), up.DefragResult))
rebuilt.geturl()
