# A substitution that grows.
# expect: ?

import re

x = 'a'
while True:
    x = re.sub('a', 'aa', x)
