# Text that grows when it is normalized.
# expect: limit.memory | limit.cpu_time

import unicodedata

x = '\ufdfa' * 10**6
while True:
    x = unicodedata.normalize('NFKD', x) * 10
