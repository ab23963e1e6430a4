# Regex backtracking.
# expect: ?

import re

re.match('(a+)+$', 'a' * 60 + '!')
