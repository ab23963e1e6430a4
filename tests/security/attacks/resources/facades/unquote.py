# A query of millions of fields.
# expect: limit.memory

import urllib.parse

urllib.parse.parse_qsl('a=b&' * 10**7)
