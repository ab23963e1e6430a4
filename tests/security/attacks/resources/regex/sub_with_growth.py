# A substitution that grows.
# expect: limit.memory

import re

x = 'a'
while True:
    x = re.sub('a', 'aa', x)
