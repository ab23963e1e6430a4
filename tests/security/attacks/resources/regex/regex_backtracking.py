# Regex backtracking.
# expect: limit.cpu_time

import re

re.match('(a+)+$', 'a' * 60 + '!')
