# Regex backtracking with findall.
# expect: ?

import re

re.findall('(x+x+)+y', 'x' * 60)
