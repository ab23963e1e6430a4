# A query of millions of fields.
# expect: ?

import urllib.parse

urllib.parse.parse_qsl('a=b&' * 10**7)
